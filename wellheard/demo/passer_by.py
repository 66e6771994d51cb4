"""Somebody who can be painted into a picture: head and shoulders of the one real face that a package ships."""

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.vision.pictures import Image

Floats = npt.NDArray[np.float32]

_SHOULDERS = (slice(0, 340), slice(70, 380))
"""Of the portrait, which shows more."""
_FACE = (154.0, 121.0)
_FACE_HEIGHT = 112.0
"""Its centre and height there."""


class NoPortrait(Exception):
    """The package is not here; the text names it."""


class PasserBy:
    """The same person, wherever they are painted."""

    def __init__(self) -> None:
        self._person = _portrait()[_SHOULDERS].astype(np.float32)
        self._shape = _silhouette(self._person)

    def paint(self, picture: Floats, x: float, y: float, height: float) -> None:
        """With the face's centre at x and y and its height so large, all shares of the picture's own sides."""
        size = (picture.shape[1], picture.shape[0])
        scale = height * size[1] / _FACE_HEIGHT
        across, down = x * size[0] - _FACE[0] * scale, y * size[1] - _FACE[1] * scale
        move = np.array([[scale, 0, across], [0, scale, down]])
        covered = cv2.warpAffine(self._shape, move, size)[..., None]
        picture *= 1 - covered
        picture += covered * cv2.warpAffine(self._person, move, size)


def _portrait() -> Image:
    package = find_spec("skimage")
    folder = Path(package.origin).parent if package and package.origin else None
    picture = cv2.imread(str(folder / "data" / "astronaut.png")) if folder else None
    if picture is None:
        raise NoPortrait("scikit-image, whose portrait it is shown, is not here.")
    return picture


def _silhouette(person: Floats) -> Floats:
    """How much of each of the portrait's points is the person, with a soft edge."""
    height, width = person.shape[:2]
    shape = np.zeros((height, width), np.float32)
    centre = round(_FACE[0]), round(_FACE[1])
    cv2.ellipse(shape, centre, (80, 105), 0, 0, 360, 1.0, -1)
    cv2.ellipse(shape, (centre[0], height), (150, 130), 0, 0, 360, 1.0, -1)
    soft: Floats = cv2.GaussianBlur(shape, (0, 0), 4).astype(np.float32)
    return soft
