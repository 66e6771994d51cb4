"""What every store of points promises, on each of them."""

from itertools import pairwise

import pytest

from hub.core.scope import Scope
from hub.core.timeseries.downsampling import downsample
from hub.core.timeseries.points import (
    DAY_MS,
    FINEST,
    LEVELS,
    MINUTE_MS,
    Level,
    Point,
    Series,
    Span,
    observed,
)
from hub.core.timeseries.store import Query, TimeSeries
from tests.fakes.clock import NOON_MS

CLINIC = Scope("clinic")
EVER = Span(0, NOON_MS + 1000 * DAY_MS)
PRESSES = Series("presses", "clinic", "north", "desk-1")
DISK = Series("reading", "clinic", "north", "desk-1", "disk")


def minute(number: int, *values: float, series: Series = PRESSES) -> Point:
    return observed(series, NOON_MS + number * MINUTE_MS, values)


def read(store: TimeSeries, level: Level = FINEST, scope: Scope = CLINIC) -> list[Point]:
    return store.read(Query(scope, level, EVER, level.step_ms))


def test_what_is_written_is_read(store: TimeSeries) -> None:
    points = [minute(0, 1.0, 2.5), minute(1, -4.25), minute(0, 1e18, 1e-9, series=DISK)]
    assert store.write(FINEST, points) == 0
    assert read(store) == sorted(points)


def test_many_series_begin_at_once_and_go_on(store: TimeSeries) -> None:
    many = [DISK._replace(device=f"desk-{number}") for number in range(30)]
    first = [minute(0, float(number), series=each) for number, each in enumerate(many)]
    then = [minute(1, float(number), series=each) for number, each in enumerate([*many, PRESSES])]
    store.write(FINEST, first)
    store.write(FINEST, then)
    assert read(store) == sorted([*first, *then])


def test_an_empty_store_has_nothing(store: TimeSeries) -> None:
    assert store.write(FINEST, []) == 0
    assert read(store) == []
    assert store.read(Query(CLINIC, FINEST, EVER, MINUTE_MS, frozenset())) == []


def test_written_again_it_is_replaced(store: TimeSeries) -> None:
    store.write(FINEST, [minute(0, 1.0), minute(1, 1.0)])
    store.write(FINEST, [minute(1, 5.0, 6.0)])
    assert read(store) == [minute(0, 1.0), minute(1, 5.0, 6.0)]


def test_a_span_has_its_start_and_not_its_end(store: TimeSeries) -> None:
    store.write(FINEST, [minute(number, 1.0) for number in range(4)])
    span = Span(NOON_MS + MINUTE_MS, NOON_MS + 3 * MINUTE_MS)
    assert store.read(Query(CLINIC, FINEST, span, MINUTE_MS)) == [minute(1, 1.0), minute(2, 1.0)]


def test_points_are_merged_into_stretches(store: TimeSeries) -> None:
    store.write(FINEST, [minute(1, 2.0), minute(14, 8.0, -1.0), minute(15, 3.0)])
    quarters = store.read(Query(CLINIC, FINEST, EVER, 15 * MINUTE_MS))
    assert quarters == [minute(0, 2.0, 8.0, -1.0), minute(15, 3.0)]


def test_each_sees_what_is_in_its_scope(store: TimeSeries) -> None:
    south = PRESSES._replace(facility="south", device="desk-2")
    other = PRESSES._replace(organisation="other")
    store.write(FINEST, [minute(0, 1.0, series=s) for s in (PRESSES, south, other)])
    assert {p.series for p in read(store)} == {PRESSES, south}
    assert {p.series for p in read(store, scope=Scope("clinic", frozenset({"south"})))} == {south}
    assert read(store, scope=Scope("clinic", frozenset())) == []
    found = store.read(Query(CLINIC, FINEST, EVER, MINUTE_MS, frozenset({"desk-1", "desk-3"})))
    assert {p.series for p in found} == {PRESSES}


def test_levels_do_not_mix(store: TimeSeries) -> None:
    for number, level in enumerate(LEVELS):
        store.write(level, [observed(PRESSES, NOON_MS - NOON_MS % DAY_MS, [float(number)])])
    for number, level in enumerate(LEVELS):
        assert [point.most for point in read(store, level)] == [number]


@pytest.mark.parametrize(
    "text", ["o'clock", 'a"b', "a,b=c d", "'; DROP DATABASE x; --", "ünï—☎", "' OR 1=1 OR '"]
)
def test_no_name_breaks_out(store: TimeSeries, text: str) -> None:
    odd = Series("presses", "clinic", "north", text, text)
    store.write(FINEST, [minute(0, 1.0, series=s) for s in (odd, PRESSES)])
    assert store.read(Query(CLINIC, FINEST, EVER, MINUTE_MS, frozenset({text}))) == [
        minute(0, 1.0, series=odd)
    ]


def test_coarser_levels_follow_the_finest(store: TimeSeries) -> None:
    """Written in pieces, some of them late and some twice, as if it had been all at once."""
    points = [minute(n, float(n % 7), float(n % 11)) for n in range(0, 3000, 13)]
    points += [minute(n, float(n), series=DISK) for n in range(0, 3000, 170)]
    for some in (points[::2], points[1::2], points[5:9]):
        store.write(FINEST, some)
        downsample(store, some)
    for finer, coarser in pairwise(LEVELS):
        assert read(store, coarser) == store.read(Query(CLINIC, finer, EVER, coarser.step_ms))
    days = [point for point in read(store, LEVELS[-1]) if point.series == DISK]
    assert sum(day.n for day in days) == len(range(0, 3000, 170))
    assert max(day.most for day in days) == 2890
