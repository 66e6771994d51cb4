"""Which of the newest pictures goes with an answer: the sharpest of those near its moment."""

from collections.abc import Iterable

import cv2

from edge.vision.frames import Frame
from edge.vision.pictures import Image, Size

WITHIN_NS = 500_000_000
COMPARED = Size(320, 240)
"""What sharpness is measured at, so that it costs a millisecond and the camera's noise counts little."""


def near(frames: Iterable[Frame], at_ns: int) -> list[Frame]:
    """Those that were seen within half a second of the moment, each once."""
    return list({f.at_ns: f for f in frames if abs(f.at_ns - at_ns) <= WITHIN_NS}.values())


def sharpest(frames: Iterable[Frame]) -> Frame | None:
    """None of none."""
    return max(frames, key=lambda frame: sharpness(frame.picture), default=None)


def sharpness(picture: Image) -> float:
    """The variance of the Laplacian of the grey picture (Pech-Pacheco et al., 2000)."""
    scale = min(1.0, Size.of(picture).scale_into(COMPARED))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())
