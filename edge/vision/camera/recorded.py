"""Cameras that are not there: a video file or a folder of pictures, shown at the speed of a camera.

Decides that time goes on while nobody looks: what should have been shown meanwhile is passed over.
"""

import time
from pathlib import Path

import cv2

from edge.vision.camera.capture import open_video, retrieved
from edge.vision.camera.port import CameraLost, VideoEnded
from edge.vision.pictures import Image

_ENDINGS = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".webp"})
_DAMAGED_IN_A_ROW = 25
"""Pictures of a file that cannot be read one after the other before the rest is given up."""


class Rhythm:
    """So many pictures a second, by the clock."""

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._due_s = time.monotonic()

    def wait(self) -> int:
        """Until the next picture is due; returns how many have been due, 1 for whoever is in time."""
        late_s = time.monotonic() - self._due_s
        if late_s < 0:
            time.sleep(-late_s)
        due = 1 + int(max(0.0, late_s) / self._period_s)
        self._due_s += due * self._period_s
        return due


class VideoFile:
    """A `Feed` out of a file, at the file's own speed; `repeat` begins it anew for ever."""

    def __init__(self, path: Path, *, repeat: bool) -> None:
        self._path = path
        self._repeat = repeat
        self._capture = open_video(path)
        stated = self._capture.get(cv2.CAP_PROP_FPS)
        self._rhythm = Rhythm(1 / (stated if 0.1 <= stated <= 240 else 10.0))

    def grab(self) -> None:
        for _ in range(self._rhythm.wait()):
            self._advance()

    def picture(self) -> Image | None:
        return retrieved(self._capture)

    def close(self) -> None:
        self._capture.release()

    def _advance(self) -> None:
        if self._take():
            return
        if not self._repeat:
            raise VideoEnded
        self._capture.release()
        self._capture = open_video(self._path)
        if not self._take():
            raise CameraLost(f"{self._path} holds no picture.")

    def _take(self) -> bool:
        """Over damaged places, but not over the end."""
        for _ in range(_DAMAGED_IN_A_ROW):
            if self._capture.grab():
                return True
            shown = self._capture.get(cv2.CAP_PROP_POS_FRAMES)
            if shown >= self._capture.get(cv2.CAP_PROP_FRAME_COUNT) - 1:
                return False
        return False


class PictureFolder:
    """A `Feed` out of the pictures of a folder, by their names."""

    def __init__(self, path: Path, frames_per_second: float, *, repeat: bool) -> None:
        self._path = path
        self._repeat = repeat
        self._names = self._pictures()
        self._shown = -1
        self._rhythm = Rhythm(1 / frames_per_second)

    def grab(self) -> None:
        self._shown += self._rhythm.wait()
        if self._shown >= len(self._names):
            if not self._repeat:
                raise VideoEnded
            self._names, self._shown = self._pictures(), 0

    def picture(self) -> Image | None:
        picture: Image | None = cv2.imread(str(self._names[self._shown]), cv2.IMREAD_COLOR)
        return picture

    def close(self) -> None:
        """Nothing is open."""

    def _pictures(self) -> list[Path]:
        if not self._path.is_dir():
            raise CameraLost(f"There is no folder {self._path}.")
        found = sorted(p for p in self._path.iterdir() if p.suffix.lower() in _ENDINGS)
        if not found:
            raise CameraLost(f"There is no picture in {self._path}.")
        return found
