"""After pixelation no detector finds a face; where one would, there is no photograph."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from edge.vision.detector import open_detector
from edge.vision.faces import Face
from edge.vision.models.store import ModelStore
from edge.vision.photographs.pixelating import CarefulDetector, unrecognisable
from edge.vision.pictures import Image, Size
from tests.edge.vision.conftest import FACE, Crowd

LEFT, TOP, WIDTH, HEIGHT = map(int, FACE)


@pytest.fixture(scope="module")
def careful(store: ModelStore) -> CarefulDetector:
    return CarefulDetector(store)


@pytest.fixture(scope="module")
def judges(store: ModelStore) -> list[CarefulDetector]:
    """Another network, and ours at sizes of its own."""
    return [
        open_detector(store, "centerface", Size(640, 480)),
        open_detector(store, "yunet", Size(800, 608)),
        open_detector(store, "yunet"),
    ]


def assert_nobody(picture: Image | None, judges: list[CarefulDetector]) -> None:
    assert picture is not None
    assert [judge.detect(picture) for judge in judges] == [[]] * len(judges)


def test_no_face_is_left_of_a_portrait(
    portrait: Image, careful: CarefulDetector, judges: list[CarefulDetector]
) -> None:
    before = portrait.copy()
    picture = unrecognisable(portrait, careful)
    assert_nobody(picture, judges)
    assert np.array_equal(portrait, before), "frames are looked at by others"
    assert picture is not None
    assert np.array_equal(picture[400:, :], portrait[400:, :]), "only faces are changed"


@pytest.mark.parametrize("side", [120, 240, 480, 960])
def test_nor_of_one_near_or_far(
    portrait: Image, careful: CarefulDetector, judges: list[CarefulDetector], side: int
) -> None:
    picture = np.full((720, 960, 3), 90, np.uint8)
    scaled = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA)[:720]
    picture[: scaled.shape[0], :side] = scaled
    assert_nobody(unrecognisable(picture, careful), judges)


def test_nor_of_a_crowd(
    crowd: Crowd, careful: CarefulDetector, judges: list[CarefulDetector]
) -> None:
    assert_nobody(unrecognisable(crowd.picture, careful), judges)


def test_few_tiles_are_left_of_a_face(portrait: Image, careful: CarefulDetector) -> None:
    picture = unrecognisable(portrait, careful)
    assert picture is not None
    face = picture[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH].reshape(-1, 3)
    assert len(np.unique(face, axis=0)) <= 30


class Stubborn:
    """Sees a face whatever is done."""

    def detect(self, _: Image) -> Sequence[Face]:
        return [Face(LEFT, TOP, WIDTH, HEIGHT, 0.9, ())]


def test_there_is_no_photograph_while_a_face_is_found(portrait: Image) -> None:
    assert unrecognisable(portrait, Stubborn()) is None
