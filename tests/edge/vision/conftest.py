"""Models as `make models` leaves them, and pictures with a real face in known places."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from skimage import data

from edge.vision.evaluation.matching import Box
from edge.vision.models.pulling import pull
from edge.vision.models.registry import read_registry
from edge.vision.models.store import ModelStore
from edge.vision.pictures import Image

FACE = (180.0, 65.0, 88.0, 112.0)
"""Where somebody sees the face on scikit-image's astronaut, 512 x 512."""


@pytest.fixture(scope="session")
def store() -> ModelStore:
    models = ModelStore()
    for model in read_registry().values():
        pull(model, models, lambda _here, _whole: None)
    return models


@pytest.fixture(scope="session")
def portrait() -> Image:
    return cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)


class Crowd:
    """A picture on which the same person stands several times."""

    def __init__(self, portrait: Image, width: int, height: int) -> None:
        self._portrait = portrait
        self.picture: Image = np.full((height, width, 3), 90, np.uint8)
        self.boxes: list[Box] = []

    def add(self, left: int, top: int, side: int) -> None:
        """The whole portrait, this large; it must fit."""
        small = cv2.resize(self._portrait, (side, side), interpolation=cv2.INTER_AREA)
        self.picture[top : top + side, left : left + side] = small
        x, y, width, height = (length * side / 512 for length in FACE)
        self.boxes.append((left + x, top + y, width, height))


@pytest.fixture
def crowd(portrait: Image) -> Crowd:
    """Three near faces and, at 480x360, one too small to be near."""
    gathered = Crowd(portrait, 960, 720)
    for left, top, side in ((0, 0, 480), (500, 20, 400), (100, 375, 340), (700, 500, 200)):
        gathered.add(left, top, side)
    return gathered


def nearest(box: Box, others: Sequence[Box]) -> Box:
    return min(others, key=lambda other: float(np.abs(np.subtract(other, box)).max()))
