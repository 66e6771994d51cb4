"""A face looks at the screen when it is turned towards the camera beside it, however the head is tilted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.vision.attention import is_looking
from edge.vision.detector import open_detector
from edge.vision.faces import Face

HEAD = ((-30, -35, 25), (30, -35, 25), (0, 0, 45), (-25, 35, 25), (25, 35, 25))
"""Eyes, nose and corners of the mouth in millimetres: across, down, towards the camera."""


def face(*, aside: float = 0, nod: float = 0, tilt: float = 0, scale: float = 1.0) -> Face:
    """A head turned by these degrees, as a camera far away sees it."""
    points = []
    for x, y, z in HEAD:
        turned, depth = _rotated(x, z, aside)
        lowered, _ = _rotated(y, depth, nod)
        points.append(_rotated(turned, lowered, tilt))
    landmarks = tuple((100 + x * scale, 100 + y * scale) for x, y in points)
    return Face(50, 50, 100 * scale, 130 * scale, 0.9, landmarks)


def _rotated(one: float, other: float, degrees: float) -> tuple[float, float]:
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    return one * cos + other * sin, other * cos - one * sin


@given(st.floats(-18, 18), st.floats(-15, 15), st.floats(-40, 40), st.floats(0.2, 10))
def test_who_faces_the_screen_looks(aside, nod, tilt, scale):
    assert is_looking(face(aside=aside, nod=nod, tilt=tilt, scale=scale))


@given(st.floats(35, 80), st.sampled_from([-1, 1]), st.floats(-40, 40))
def test_who_turns_away_does_not(aside, side, tilt):
    assert not is_looking(face(aside=side * aside, tilt=tilt))


@pytest.mark.parametrize("nod", [-45, 45])
def test_who_reads_a_leaflet_or_the_ceiling_does_not(nod):
    assert not is_looking(face(nod=nod))


def test_landmarks_that_make_no_face_look_nowhere():
    assert not is_looking(Face(0, 0, 10, 10, 0.9, ((5.0, 5.0),) * 5))
    assert not is_looking(face(tilt=180))


def test_the_astronaut_looks_at_her_photographer(store, portrait):
    (found,) = open_detector(store).detect(portrait)
    assert is_looking(found)
