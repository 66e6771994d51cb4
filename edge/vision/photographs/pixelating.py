"""Makes every face on a picture unrecognisable, and sees that it is so; a picture on which a face remains is none.

Faces are looked for at several sizes with a threshold far below the usual one: what is pixelated needlessly costs
little, a face that is overlooked cannot be taken back.
"""

from collections.abc import Sequence

import cv2

from edge.vision.detector import Detector, open_detector
from edge.vision.faces import Face
from edge.vision.models.store import ModelStore
from edge.vision.pictures import Image, Size

SIZES = (Size(640, 480), Size(480, 360), Size(320, 240))
"""The largest finds small faces, the smallest those that fill the picture."""
THRESHOLD = 0.25
MARGIN = 0.3
"""Of the face's sides, beyond its box: hair, ears and chin are somebody's too."""
ROUNDS = ((5, 5), (3, 4), (1, 1), (1, 1))
"""How many tiles across and down are left of a face, each time that one is still found."""


class CarefulDetector:
    """Looks at a picture at every size; the same face may be found several times."""

    def __init__(self, store: ModelStore, threads: int = 1) -> None:
        self._detectors = [
            open_detector(store, size=size, threshold=THRESHOLD, threads=threads) for size in SIZES
        ]

    def detect(self, picture: Image) -> Sequence[Face]:
        return [face for detector in self._detectors for face in detector.detect(picture)]


def unrecognisable(picture: Image, detector: Detector) -> Image | None:
    """A picture of the same size without faces; None when one is still found after all."""
    for tiles in ROUNDS:
        faces = detector.detect(picture)
        if not faces:
            return picture
        picture = picture.copy()
        for face in faces:
            _pixelate(picture, face, tiles)
    return None if detector.detect(picture) else picture


def _pixelate(picture: Image, face: Face, tiles: tuple[int, int]) -> None:
    size = Size.of(picture)
    left, right = _span(face.x, face.width, size.width)
    top, bottom = _span(face.y, face.height, size.height)
    if left >= right or top >= bottom:
        return
    part = picture[top:bottom, left:right]
    few = cv2.resize(part, tiles, interpolation=cv2.INTER_AREA)
    picture[top:bottom, left:right] = cv2.resize(
        few, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST
    )


def _span(start: float, length: float, most: int) -> tuple[int, int]:
    margin = length * MARGIN
    return max(0, int(start - margin)), min(most, int(start + length + margin) + 1)
