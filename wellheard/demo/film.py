"""What the demonstration's camera is shown: a film of people who come to a terminal, stay and go, made at the start.

The face is a real one, out of a package that ships pictures; everybody in the film has it. Decides who walks where and
when. A terminal looks at the film as at any camera's pictures, and nothing tells it what is on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from edge.vision.models.registry import read_registry
from edge.vision.models.store import DEFAULT_FOLDER, ModelStore
from edge.vision.pictures import Size
from wellheard.demo.passer_by import Floats, NoPortrait, PasserBy

NAME = "film.avi"
DETECTOR = "yunet"
FRAME = Size(320, 240)
PER_SECOND = 10
LENGTH_S = 34
FACES_AT = 0.45
"""How far down the picture faces are."""
GRAINS = 4
"""Pictures without any noise would be taken for those of a camera that hangs."""


class NoFilm(Exception):
    """The camera stays off; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody comes in by the nearer side, stays at `x` and leaves; `x` and `height` of the face are shares."""

    at_s: float
    x: float
    stays_s: float
    height: float = 0.3
    walks_s: float = 2.5

    def where(self, at_s: float) -> float | None:
        """The face's place at that moment; None before and after."""
        since_s = at_s - self.at_s
        outside = -0.4 if self.x < 0.5 else 1.4
        steps = (0.0, self.walks_s, self.walks_s + self.stays_s, 2 * self.walks_s + self.stays_s)
        if not 0 <= since_s <= steps[-1]:
            return None
        return float(np.interp(since_s, steps, (outside, self.x, self.x, outside)))


VISITS = (
    Visit(1, 0.35, 4),
    Visit(10, 0.7, 3.5),
    Visit(19, 0.25, 5),
    Visit(20, 0.75, 4, height=0.26),
    Visit(13, 0.2, 0.1, height=0.06, walks_s=4),
)
"""Four come to the terminal; the last one passes far behind and is not counted."""


def camera(folder: Path, touchpoint: str, models: Path = DEFAULT_FOLDER) -> dict[str, Any]:
    """The section `camera` of a terminal whose folder this is, with the film in it; NoFilm."""
    _require_detector(models)
    film = folder / NAME
    if not film.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make_film(film)
    size = str(FRAME)
    seen = {"width_px": FRAME.width, "height_px": FRAME.height, "look_at": size}
    return {"source": NAME, "repeat": True, "touchpoint": touchpoint, "cpu_percent": 15, **seen}


def make_film(path: Path) -> None:
    """Write the film; NoFilm where there is no portrait, or it cannot be written."""
    person, wall = _person(), _wall()
    grain = np.random.default_rng(7).normal(0, 1.5, (GRAINS, *wall.shape)).astype(np.float32)
    unfinished = path.with_stem(f"{path.stem}-unfinished")
    codec = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(unfinished), codec, PER_SECOND, (FRAME.width, FRAME.height))
    if not writer.isOpened():
        raise NoFilm(f"The camera is off: OpenCV cannot write {unfinished}.")
    for number in range(LENGTH_S * PER_SECOND):
        picture = _picture(wall, person, number / PER_SECOND)
        writer.write(cv2.convertScaleAbs(picture + grain[number % GRAINS]))
    writer.release()
    unfinished.replace(path)


def _require_detector(models: Path) -> None:
    found = ModelStore(models).examine(read_registry()[DETECTOR])
    if found.condition not in ("ready", "outdated"):
        raise NoFilm(
            f"The camera is off: the model {DETECTOR} is {found.condition}. "
            "`wellheard models pull` brings it."
        )


def _person() -> PasserBy:
    try:
        return PasserBy()
    except NoPortrait as error:
        raise NoFilm(f"The camera is off: {error}") from error


def _picture(wall: Floats, person: PasserBy, at_s: float) -> Floats:
    seen = wall.copy()
    visits: Sequence[Visit] = sorted(VISITS, key=lambda visit: visit.height)
    for visit in visits:
        x = visit.where(at_s)
        if x is not None:
            person.paint(seen, x, FACES_AT, visit.height)
    return seen


def _wall() -> Floats:
    """A corridor: wall and floor, two doors, a window."""
    wall = np.full((FRAME.height, FRAME.width, 3), (198, 206, 210), np.float32)
    for corner, opposite, colour in (
        ((0, 176), (320, 240), (120, 132, 140)),
        ((24, 60), (84, 176), (92, 118, 150)),
        ((236, 60), (296, 176), (92, 118, 150)),
        ((120, 30), (200, 100), (235, 228, 205)),
        ((158, 30), (162, 100), (150, 150, 150)),
    ):
        cv2.rectangle(wall, corner, opposite, colour, -1)
        cv2.rectangle(wall, corner, opposite, (70, 74, 80), 1)
    return wall
