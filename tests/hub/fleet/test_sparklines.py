"""Drawings stay in their frame, show what is known, and nothing where nothing is."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.core.timeseries.points import Point, Series, Span, observed
from hub.fleet.sparklines import HEIGHT, WIDTH, Frame, means, ranges, runs, totals, worst

STEP = 60
STRETCHES = 20
SERIES = Series("reading", "clinic", "north", "desk-1", "disk")
VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4)
POINTS = st.dictionaries(st.integers(0, STRETCHES - 1), VALUES, max_size=STRETCHES).map(
    lambda found: [observed(SERIES, n * STEP, values) for n, values in sorted(found.items())]
)
COMMAND = re.compile(r"([MHVZ])(-?[\d.]+)?(?: (-?[\d.]+))?")


def framed(points: list[Point]) -> Frame:
    least = min((p.least for p in points), default=0.0)
    most = max((p.most for p in points), default=0.0)
    return Frame(Span(0, STRETCHES * STEP), STEP, least, most)


def corners(path: str) -> list[tuple[float, float]]:
    """Every corner of the path, as a browser follows it; fails on anything it would not understand."""
    x = y = 0.0
    found = []
    assert COMMAND.sub("", path) == ""
    for command, first, second in COMMAND.findall(path):
        match command:
            case "M":
                x, y = float(first), float(second)
            case "H":
                x = float(first)
            case "V":
                y = float(first)
        found.append((x, y))
    return found


@given(POINTS)
def test_all_that_is_drawn_is_in_the_frame(points: list[Point]) -> None:
    frame = framed(points)
    for path in (means(points, frame), ranges(points, frame)):
        assert bool(path) == bool(points)
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners(path))


@given(POINTS)
def test_runs_are_the_points_without_gaps(points: list[Point]) -> None:
    parts = runs(points, STEP)
    assert [point for part in parts for point in part] == points
    assert all(b.at_ms - a.at_ms == STEP for part in parts for a, b in pairwise(part))
    assert means(points, framed(points)).count("M") == len(parts)


def test_higher_values_are_higher_up_and_later_ones_further_right() -> None:
    frame = Frame(Span(0, 10 * STEP), STEP, 0, 8)
    low, high = (observed(SERIES, n * STEP, [value]) for n, value in ((2, 2.0), (3, 6.0)))
    assert corners(means([low, high], frame)) == [
        (80, 44), (80, 44), (120, 44), (120, 16), (160, 16),
    ]  # fmt: skip
    assert corners(totals([high], frame))[0] == (120, 16)


def test_only_the_level_asked_for_is_shown() -> None:
    frame = Frame(Span(0, 10 * STEP), STEP, 0, 2)
    points = [observed(SERIES, n * STEP, [n % 3]) for n in range(9)]
    assert worst(points, frame, 2).count("M") == 3
    assert worst(points, frame, 5) == ""
