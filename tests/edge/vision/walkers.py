"""Videos of people before a camera, made of one real face: who walks where, and when, is written down beforehand.

Time is virtual: a picture is made for whatever moment somebody asks for. Everybody has the same face, so that nobody
could be told apart by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from edge.vision.frames import Frame
from edge.vision.observer import Observer
from edge.vision.pace import Pace
from edge.vision.pictures import Image, Size
from wellheard.demo.passer_by import Floats, PasserBy

VIDEO = Size(320, 240)
BUDGET = 100.0


@dataclass(frozen=True, slots=True)
class Stop:
    """Where somebody's face is at a moment: its centre as shares of the picture, its height as a share of it."""

    at_s: float
    x: float
    height: float = 0.25
    y: float = 0.45


Walk = Sequence[Stop]


def visit(
    at_s: float, x: float, stays_s: float = 3.0, *, height: float = 0.25, walks_s: float = 2.5
) -> Walk:
    """In from the nearer side, to `x`, and out by the same side."""
    outside = -0.3 if x < 0.5 else 1.3
    there_s = at_s + walks_s
    return [
        Stop(at_s, outside, height),
        Stop(there_s, x, height),
        Stop(there_s + stays_s, x, height),
        Stop(there_s + stays_s + walks_s, outside, height),
    ]


class Hall:
    """What the camera sees at any moment."""

    def __init__(self, walks: Sequence[Walk], *, size: Size = VIDEO, noise: float = 2.0) -> None:
        self._walks = walks
        self._size = size
        chance = np.random.default_rng(7)
        self._wall = _wall(size, chance)
        shape = (8, size.height, size.width, 3)
        self._noise = np.round(chance.normal(0, noise, shape)).astype(np.int16)
        self._person = PasserBy()

    @property
    def ends_s(self) -> float:
        return max((stop.at_s for walk in self._walks for stop in walk), default=0.0) + 4.0

    def picture(self, at_s: float) -> Image:
        seen = self._wall.copy()
        people = [stop for walk in self._walks if (stop := _where(walk, at_s)) is not None]
        for person in sorted(people, key=lambda stop: stop.height):
            self._person.paint(seen, person.x, person.y, person.height)
        noise = self._noise[int(at_s * 1000) % len(self._noise)]
        return np.clip(seen + noise, 0, 255).astype(np.uint8)


def watch(hall: Hall, observer: Observer, until_s: float | None = None) -> int:
    """Look at the hall as the terminal would, at the terminal's pace; returns how many approached."""
    pace, at_ns = Pace(BUDGET), 0
    end_ns = round((hall.ends_s if until_s is None else until_s) * 1e9)
    while at_ns < end_ns:
        observation = observer.observe(Frame(hall.picture(at_ns / 1e9), at_ns))
        at_ns = pace.next_due_ns(at_ns, 0, active=observation.active)
    return observer.presence.take().approaches


def _where(walk: Walk, at_s: float) -> Stop | None:
    if not walk[0].at_s <= at_s <= walk[-1].at_s:
        return None
    times = [stop.at_s for stop in walk]
    x, y, height = (
        float(np.interp(at_s, times, [getattr(stop, name) for stop in walk]))
        for name in ("x", "y", "height")
    )
    return Stop(at_s, x, height, y)


def _wall(size: Size, chance: np.random.Generator) -> Floats:
    """Something with edges, but no face."""
    coarse = chance.uniform(60, 200, (6, 8, 3)).astype(np.float32)
    return cv2.resize(coarse, (size.width, size.height), interpolation=cv2.INTER_CUBIC)
