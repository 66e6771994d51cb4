"""The detector is woken by whoever comes, and by nothing that only the sensor or the lamps do."""

import numpy as np

from edge.vision.motion import MotionGate
from edge.vision.pictures import Size
from edge.vision.thumbnail import thumbnail
from tests.edge.vision.walkers import Hall, Stop

S = 1_000_000_000
SIZE = Size(320, 240)
EMPTY = Hall([], size=SIZE)


def opened(pictures, every_s: float = 0.5) -> list[bool]:
    gate = MotionGate()
    return [gate.is_open(thumbnail(p), round(n * every_s * S)) for n, p in enumerate(pictures)]


def test_in_an_empty_hall_nothing_moves():
    assert opened(EMPTY.picture(n / 2) for n in range(60)) == [True, *[False] * 59]


def test_somebody_who_comes_opens_it_before_they_are_near():
    hall = Hall([[Stop(5, -0.2, 0.10), Stop(15, 0.5, 0.10)]], size=SIZE)
    moments = [n / 2 for n in range(24)]
    seen = opened(hall.picture(at_s) for at_s in moments)
    first = next(at_s for at_s, moves in zip(moments[1:], seen[1:], strict=True) if moves)
    assert 5 < first < 9


def test_who_stands_still_is_noticed_for_some_seconds_and_then_part_of_the_place():
    hall = Hall([[Stop(5, 0.5), Stop(200, 0.5)]], size=SIZE)
    seen = opened(hall.picture(n / 2) for n in range(240))
    assert all(seen[12:20])
    assert not any(seen[-20:])


def test_a_lamp_that_is_switched_on_is_nobody():
    lamps = [0] * 20 + [30] * 20
    seen = [EMPTY.picture(n / 2).astype(np.int16) + lamp for n, lamp in enumerate(lamps)]
    assert not any(opened(np.clip(picture, 0, 255).astype(np.uint8) for picture in seen)[1:])
