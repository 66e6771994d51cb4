"""Whoever comes and stays is counted once, however they walk: up to three exactly, up to eight within one."""

import random

import pytest

from edge.vision.detector import open_detector
from edge.vision.observer import Observer
from edge.vision.pictures import Size
from tests.edge.vision.walkers import Hall, Stop, Walk, visit, watch

ZONE = 0.10


@pytest.fixture(scope="module")
def detector(store):
    return open_detector(store, size=Size(320, 240))


def counted(detector, *walks: Walk) -> int:
    return watch(Hall(walks), Observer(detector, ZONE))


WALKS: dict[str, tuple[int, list[Walk]]] = {
    "nobody": (0, []),
    "one comes, stays and leaves": (1, [visit(1, 0.5)]),
    "one stands at the edge of the zone": (1, [visit(1, 0.4, height=0.13)]),
    "one walks by far away": (0, [[Stop(1, -0.1, 0.06), Stop(12, 1.1, 0.06)]]),
    "one hurries by": (0, [[Stop(1, -0.3), Stop(2.6, 1.3)]]),
    "one walks across slowly": (1, [[Stop(1, -0.3), Stop(9, 1.3)]]),
    "one comes from afar": (1, [[Stop(1, 0.7, 0.04), Stop(5, 0.5, 0.3), Stop(8, 0.5, 0.3)]]),
    "one steps back and returns": (
        1,
        [
            [
                *visit(1, 0.4)[:3],
                Stop(8, 0.45, 0.06),
                Stop(14, 0.45, 0.06),
                Stop(16, 0.4, 0.25),
                Stop(20, 0.4, 0.25),
            ]
        ],
    ),
    "one returns much later": (
        2,
        [
            [
                *visit(1, 0.4)[:3],
                Stop(8, 0.45, 0.07),
                Stop(41, 0.45, 0.07),
                Stop(43, 0.4, 0.25),
                Stop(47, 0.4, 0.25),
            ]
        ],
    ),
    "two from both sides": (2, [visit(1, 0.3), visit(1.5, 0.7)]),
    "two one after the other": (2, [visit(1, 0.5), visit(10, 0.5)]),
    "two close behind each other": (2, [visit(1, 0.35), visit(4.5, 0.4)]),
    "two cross": (
        2,
        [
            [Stop(1, -0.3, 0.30), Stop(9, 1.3, 0.30)],
            [Stop(1, 1.3, 0.22, 0.4), Stop(9, -0.3, 0.22, 0.4)],
        ],
    ),
    "one stands right before another for a while": (
        2,
        [
            [Stop(1, -0.3, 0.34), Stop(5, 0.53, 0.34), Stop(9, 0.53, 0.34), Stop(13, 1.3, 0.34)],
            [Stop(1, 1.3, 0.30), Stop(4, 0.52, 0.30), Stop(10, 0.52, 0.30), Stop(13, -0.3, 0.30)],
        ],
    ),
    "two stand while one crosses behind": (
        3,
        [
            visit(1, 0.25, 8),
            visit(1, 0.75, 8),
            [Stop(4, 1.3, 0.16, 0.3), Stop(10, -0.3, 0.16, 0.3)],
        ],
    ),
    "three together, who leave one by one": (
        3,
        [visit(1, 0.2, 3), visit(1, 0.5, 6), visit(2, 0.8, 9)],
    ),
    "three in a row": (3, [visit(1, 0.5), visit(9, 0.4), visit(17, 0.6)]),
}


@pytest.mark.parametrize(("people", "walks"), WALKS.values(), ids=WALKS.keys())
def test_up_to_three_are_counted_exactly(detector, people, walks):
    assert counted(detector, *walks) == people


def busy_hall(people: int, seed: int) -> list[Walk]:
    """They come every few seconds from either side, at different distances, and stay for a while."""
    chance = random.Random(seed)
    walks: list[Walk] = []
    for number in range(people):
        place = (0.15 + 0.7 * (number % 3) / 2) + chance.uniform(-0.05, 0.05)
        height = chance.uniform(0.16, 0.26)
        walks.append(
            visit(
                1 + 3.5 * number + chance.uniform(0, 1), place, chance.uniform(2, 5), height=height
            )
        )
    return walks


@pytest.mark.parametrize("people", [5, 8])
def test_up_to_eight_are_counted_within_one(detector, people):
    assert abs(counted(detector, *busy_hall(people, seed=people)) - people) <= 1
