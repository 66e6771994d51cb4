"""A camera that sees nothing is recognised for what is wrong with it, and one that sees is left alone."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.vision.pictures import Image, Size
from edge.vision.sight import AFTER_NS, Fault, Sight
from edge.vision.thumbnail import HEIGHT, WIDTH, thumbnail
from tests.edge.vision.walkers import Hall, visit

S = 1_000_000_000
CHANCE = np.random.default_rng(3)
SIZE = Size(320, 240)


def noisy(picture: Image, sigma: float = 2.0) -> Image:
    noise = np.round(CHANCE.normal(0, sigma, picture.shape))
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def even(level: int) -> Image:
    return np.full((SIZE.height, SIZE.width, 3), level, np.uint8)


def hand() -> Image:
    """Skin so near that it has no edge, lighter on one side."""
    across = np.linspace(40, 130, SIZE.width)
    return np.repeat(across[None, :, None], SIZE.height, 0).repeat(3, 2).astype(np.uint8)


HALL = Hall([visit(1, 0.5, 60)], size=SIZE)


def faults(pictures, every_s: float = 0.5) -> list[Fault | None]:
    sight = Sight()
    return [sight.judge(thumbnail(p), round(n * every_s * S)) for n, p in enumerate(pictures)]


@pytest.mark.parametrize("level", [0, 8, 16])
def test_black_is_black_though_the_sensor_hums(level):
    found = faults(noisy(even(level)) for _ in range(20))
    assert found[0] is None
    assert found[-1] == "black"


@pytest.mark.parametrize("cover", [even(60), even(140), even(255), hand()])
def test_what_lies_over_the_lens_is_recognised_by_what_it_lacks(cover):
    assert faults(noisy(cover) for _ in range(20))[-1] == "occluded"


def test_the_same_picture_again_and_again_is_frozen():
    still = HALL.picture(5)
    found = faults([still] * 40)
    assert found[-1] == "frozen"
    assert found.index("frozen") * 0.5 * S == pytest.approx(AFTER_NS["frozen"], abs=S)


def test_a_hall_in_which_nothing_moves_is_no_fault():
    empty = Hall([], size=SIZE, noise=1.0)
    assert set(faults(empty.picture(n / 2) for n in range(60))) == {None}


def test_a_dim_hall_is_not_black_and_one_with_little_in_it_not_covered():
    dim = [noisy((HALL.picture(n / 2) * 0.25).astype(np.uint8), 1.0) for n in range(30)]
    assert set(faults(dim)) == {None}
    bare = even(200)
    cv2.rectangle(bare, (40, 60), (90, 240), (90, 60, 40), -1)  # a door
    assert set(faults(noisy(bare) for _ in range(30))) == {None}


def test_a_hand_that_waves_covers_nothing_for_long_enough():
    waving = [noisy(hand()) if n % 6 else HALL.picture(n / 2) for n in range(40)]
    assert set(faults(waving)) == {None}


def test_one_good_picture_and_the_camera_sees_again():
    dark, light = [noisy(even(0)) for _ in range(20)], [HALL.picture(n) for n in range(3)]
    assert faults([*dark, *light])[-4:] == ["black", None, None, None]


@given(st.integers(1, 64), st.integers(1, 64), st.binary(min_size=1, max_size=200))
def test_whatever_a_camera_gives_is_judged(height, width, content):
    picture = np.resize(np.frombuffer(content, np.uint8), (height, width, 3))
    small = thumbnail(picture)
    assert small.shape == (HEIGHT, WIDTH)
    assert Sight().judge(small, 0) is None, "nothing is a fault at once"
