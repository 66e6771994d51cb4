"""The photograph of an answer is the sharpest picture of its moment."""

import cv2
from hypothesis import given
from hypothesis import strategies as st

from edge.vision.frames import Frame
from edge.vision.photographs.choosing import WITHIN_NS, near, sharpest
from edge.vision.pictures import Image

NOW_NS = 10**12


def test_the_sharpest_is_chosen(portrait: Image) -> None:
    blurred = [cv2.GaussianBlur(portrait, (0, 0), sigma) for sigma in (6, 1, 3)]
    pictures = [blurred[0], portrait, *blurred[1:]]
    frames = [Frame(picture, place) for place, picture in enumerate(pictures)]
    assert sharpest(frames) is frames[1]
    assert sharpest([frames[0], frames[3]]) is frames[3]
    assert sharpest([]) is None


def test_a_shaken_picture_loses(portrait: Image) -> None:
    shaken = cv2.blur(portrait, (25, 1))
    still, moved = Frame(portrait, 1), Frame(shaken, 2)
    assert sharpest([moved, still]) is still


@given(st.lists(st.integers(-2 * WITHIN_NS, 2 * WITHIN_NS), max_size=8))
def test_only_what_was_seen_within_half_a_second(offsets: list[int]) -> None:
    frames = [Frame(None, NOW_NS + offset) for offset in offsets]  # type: ignore[arg-type]
    chosen = near([*frames, *frames], NOW_NS)
    assert sorted(f.at_ns - NOW_NS for f in chosen) == sorted(
        {offset for offset in offsets if abs(offset) <= WITHIN_NS}
    )
