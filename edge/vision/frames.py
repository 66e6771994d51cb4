"""The newest pictures of the camera, in memory only: looked at here, never stored and never queued.

Decides how many are remembered. Whoever wants one that belongs to a moment chooses among `recent()` by its stamp.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from edge.vision.pictures import Image

REMEMBERED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What the camera saw at `at_ns` (CLOCK_MONOTONIC). The picture must not be written into: others look at it too."""

    picture: Image
    at_ns: int


class RecentFrames(Protocol):
    """The last pictures; may be asked from any thread."""

    def recent(self) -> Sequence[Frame]:
        """Oldest first; empty while there is no camera."""
        ...


class NewestFrames:
    """`RecentFrames`, filled by the camera's thread."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque(maxlen=REMEMBERED)
        self._arrival = threading.Condition()

    def put(self, frame: Frame) -> None:
        """The newest; the oldest gives way."""
        with self._arrival:
            self._frames.append(frame)
            self._arrival.notify_all()

    def recent(self) -> Sequence[Frame]:
        with self._arrival:
            return tuple(self._frames)

    def newer_than(self, at_ns: int, within_s: float) -> Frame | None:
        """The newest of all, as soon as one is newer than this moment; None when none comes in time."""
        with self._arrival:
            self._arrival.wait_for(lambda: self._is_newer(at_ns), within_s)
            return self._frames[-1] if self._is_newer(at_ns) else None

    def forget(self) -> None:
        """Of a camera that is gone nothing may be taken for what is before it now."""
        with self._arrival:
            self._frames.clear()

    def _is_newer(self, at_ns: int) -> bool:
        return bool(self._frames) and self._frames[-1].at_ns > at_ns
