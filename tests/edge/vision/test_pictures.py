"""Sizes are read strictly; a letterbox keeps a picture's shape and reaches what a network can take."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.vision.letterbox import letterbox
from edge.vision.pictures import Size, SizeError

SIDES = st.integers(32, 500)


@given(st.builds(Size, SIDES, SIDES))
def test_a_size_is_read_as_it_is_written(size):
    assert Size.parse(str(size)) == size


@pytest.mark.parametrize("text", ["", "480", "480x", "480x360x3", "-480x360", "31x480", "9999x360"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(SizeError, match="480x360"):
        Size.parse(text)


@settings(deadline=None)
@given(st.builds(Size, SIDES, SIDES), st.builds(Size, SIDES, SIDES))
def test_the_picture_fills_the_frame_as_far_as_its_shape_lets_it(picture, frame):
    fitted = letterbox(np.full((picture.height, picture.width, 3), 255, np.uint8), frame)
    height, width = fitted.shape[:2]
    assert height % 32 == width % 32 == 0
    assert 0 <= height - frame.height < 32
    assert 0 <= width - frame.width < 32
    bright = fitted[:, :, 0] == 255
    reaches = bright[0].sum(), bright[:, 0].sum()
    scale = picture.scale_into(frame)
    assert reaches == pytest.approx((picture.width * scale, picture.height * scale), abs=1)
    assert bright.sum() == reaches[0] * reaches[1]
    assert reaches[0] <= frame.width
    assert reaches[1] <= frame.height
