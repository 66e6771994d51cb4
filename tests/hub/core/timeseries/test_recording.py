"""Points wait as jobs, are folded by the minute, and reach the store once, in spite of whatever happens to it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.db import Database
from hub.core.jobs.queue import Job
from hub.core.jobs.ticker import Ticker
from hub.core.jobs.worker import Manner
from hub.core.metrics import Metrics
from hub.core.scope import Scope
from hub.core.timeseries.embedded import EmbeddedSeries
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
from hub.core.timeseries.recording import GRACE_MS, PointRecorder, fold, put_points
from hub.core.timeseries.store import Query, StoreUnavailable, TimeSeries
from hub.core.unit_of_work import Listeners, Workplace
from tests.fakes.clock import NOON_MS, HeldClock
from tests.fakes.vault import ReversingVault
from tests.fakes.waiting import eventually
from tests.hub.core.timeseries.influxdb_server import InfluxdbServer

CLINIC = Scope("clinic")
EVER = Span(0, NOON_MS + 1000 * DAY_MS)
PRESSES = Series("presses", "clinic", "north", "desk-1")


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def workplace(sqlite_url: str, clock: HeldClock) -> Iterator[Workplace]:
    """Where the points wait; the store may be elsewhere."""
    database = Database(sqlite_url)
    yield Workplace(database, Listeners(), clock, ReversingVault())
    database.close()


def put(workplace: Workplace, *values: float, ago_ms: int = 0) -> None:
    with workplace.begin() as work:
        put_points(work, [observed(PRESSES, work.now_ms - ago_ms, values)])


def work_off(recorder: PointRecorder) -> None:
    while recorder.step():
        pass


def read(store: TimeSeries, level: Level = FINEST) -> list[Point]:
    return store.read(Query(CLINIC, level, EVER, level.step_ms))


def sample(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(f"wellheard_{name}", labels) or 0.0


def test_a_minute_becomes_one_point_and_is_counted_on_every_level(
    workplace: Workplace, store: TimeSeries, clock: HeldClock, metrics: Metrics
) -> None:
    recorder = PointRecorder(workplace, store, clock, metrics)
    for value in (3.0, 1.0, 8.0):
        put(workplace, value)
        clock.move(ms=15_000)
    work_off(recorder)
    assert read(store) == []
    assert sample(metrics, "points_waiting") == 3
    clock.move(minutes=2)
    work_off(recorder)
    for level in LEVELS:
        at_ms = NOON_MS - NOON_MS % level.step_ms
        assert read(store, level) == [observed(PRESSES, at_ms, [3.0, 1.0, 8.0])]
    assert sample(metrics, "points_waiting") == 0


def test_while_influxdb_is_away_points_wait_and_then_arrive_once(
    workplace: Workplace,
    influxdb_server: InfluxdbServer,
    influx_series: TimeSeries,
    clock: HeldClock,
    metrics: Metrics,
) -> None:
    recorder = PointRecorder(workplace, influx_series, clock, metrics)
    put(workplace, 1.0)
    clock.move(minutes=2)
    work_off(recorder)
    influxdb_server.stop()
    try:
        for number in range(5):
            put(workplace, float(number), float(number))
            clock.move(minutes=3)
            work_off(recorder)
        with pytest.raises(StoreUnavailable):
            read(influx_series)
        assert sample(metrics, "points_waiting") == 5
    finally:
        influxdb_server.start()
    clock.move(ms=Manner().longest_pause_ms)
    work_off(recorder)
    assert sample(metrics, "points_waiting") == 0
    assert sum(point.n for point in read(influx_series)) == 11
    for finer, coarser in pairwise(LEVELS):
        merged = influx_series.read(Query(CLINIC, finer, EVER, coarser.step_ms))
        assert read(influx_series, coarser) == merged
    assert [name for name in ("old", "refused", "waited") if dropped(metrics, name)] == []


def test_the_ticker_writes_what_is_due(
    workplace: Workplace, clock: HeldClock, metrics: Metrics
) -> None:
    store = EmbeddedSeries(workplace.database)
    put(workplace, 1.0)
    clock.move(minutes=2)
    duties = PointRecorder(workplace, store, clock, metrics).duties()
    ticker = Ticker([replace(duty, every_s=0.01) for duty in duties])
    ticker.start()
    try:
        eventually(lambda: len(read(store, LEVELS[-1])) == 1)
    finally:
        ticker.stop()


class GoesAway(EmbeddedSeries):
    """A store that is lost in the middle of its work, once."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.reads_before = 1

    def read(self, query: Query) -> list[Point]:
        self.reads_before -= 1
        if self.reads_before == 0:
            raise StoreUnavailable("gone")
        return super().read(query)


def test_what_was_half_written_is_written_again_without_effect(
    workplace: Workplace, clock: HeldClock, metrics: Metrics
) -> None:
    store = GoesAway(workplace.database)
    recorder = PointRecorder(workplace, store, clock, metrics)
    put(workplace, 2.0)
    put(workplace, 5.0)
    clock.move(minutes=2)
    work_off(recorder)
    assert sample(metrics, "points_waiting") == 2
    clock.move(ms=Manner().pause_ms)
    work_off(recorder)
    for level in LEVELS:
        assert [(point.n, point.total) for point in read(store, level)] == [(2, 7.0)]


def test_only_so_many_wait_and_the_newest_are_kept(
    workplace: Workplace, clock: HeldClock, metrics: Metrics
) -> None:
    store = EmbeddedSeries(workplace.database)
    recorder = PointRecorder(workplace, store, clock, metrics, most_waiting=3)
    for number in range(5):
        put(workplace, float(number))
    work_off(recorder)
    assert sample(metrics, "points_waiting") == 3
    assert dropped(metrics, "waited") == 2
    clock.move(minutes=2)
    work_off(recorder)
    assert [(point.least, point.most) for point in read(store)] == [(2.0, 4.0)]


def test_what_is_older_than_its_level_is_kept_is_not_written(
    workplace: Workplace, store: TimeSeries, clock: HeldClock, metrics: Metrics
) -> None:
    put(workplace, 1.0, ago_ms=FINEST.kept_ms)
    put(workplace, 2.0, ago_ms=FINEST.kept_ms - 30 * MINUTE_MS)
    clock.move(minutes=2)
    work_off(PointRecorder(workplace, store, clock, metrics))
    assert [point.total for point in read(store)] == [2.0]
    assert dropped(metrics, "old") == 1


def test_what_influxdb_never_takes_is_counted_and_holds_nothing_up(
    workplace: Workplace,
    influxdb_server: InfluxdbServer,
    influx_series: TimeSeries,
    clock: HeldClock,
    metrics: Metrics,
) -> None:
    put(workplace, 1.0)
    with workplace.begin() as work:
        put_points(work, [Point(PRESSES._replace(part="x"), NOON_MS, 1, float("nan"), 1, 1)])
        put_points(work, [Point(PRESSES, NOON_MS + MINUTE_MS, 1, 1, 1, 1)])
    clock.move(minutes=2)
    work_off(PointRecorder(workplace, influx_series, clock, metrics))
    assert sample(metrics, "points_waiting") == 0
    assert dropped(metrics, "refused") > 0


def test_forgetting_leaves_what_is_kept_longer(
    workplace: Workplace, clock: HeldClock, metrics: Metrics
) -> None:
    store = EmbeddedSeries(workplace.database)
    recorder = PointRecorder(workplace, store, clock, metrics)
    put(workplace, 1.0)
    clock.move(minutes=2)
    work_off(recorder)
    for number, level in enumerate(LEVELS):
        recorder.forget()
        assert [len(read(store, each)) for each in LEVELS[number:]] == [1] * (4 - number)
        clock.move(ms=level.kept_ms)
        recorder.forget()
        assert read(store, level) == []


def dropped(metrics: Metrics, reason: str) -> float:
    return sample(metrics, "points_dropped_total", reason=reason)


MINUTES = st.integers(NOON_MS // MINUTE_MS - 3, NOON_MS // MINUTE_MS + 3)


@st.composite
def told(draw: st.DrawFn) -> list[Job]:
    """Jobs of some minutes, each with values of around then."""
    jobs = []
    for number in range(draw(st.integers(0, 8))):
        rows = [
            (*PRESSES[:4], draw(st.sampled_from(["", "a"])), minute * MINUTE_MS + rest, 1, v, v, v)
            for minute, rest, v in draw(
                st.lists(st.tuples(MINUTES, st.integers(0, 59_999), st.integers(0, 9)), max_size=4)
            )
        ]
        due_ms = (draw(MINUTES) + 1) * MINUTE_MS + GRACE_MS
        jobs.append(Job(number, rows, len(rows), due_ms, 1))
    return jobs


@given(told(), st.randoms(use_true_random=False))
def test_folding_loses_nothing_and_is_the_same_whenever_it_is_done(
    jobs: list[Job], random: object
) -> None:
    whole = sorted(fold(jobs))
    values = [row[-1] for job in jobs for row in job.payload]
    assert sum(point.n for point in whole) == len(values)
    assert sum(point.total for point in whole) == sum(values)
    assert len({(point.series, point.at_ms) for point in whole}) == len(whole)
    random.shuffle(jobs)  # type: ignore[attr-defined]
    assert sorted(fold(jobs)) == whole
    by_minute: dict[int, list[Job]] = {}
    for job in jobs:
        by_minute.setdefault(job.due_ms, []).append(job)
    pieces: Sequence[Point] = [point for some in by_minute.values() for point in fold(some)]
    assert sorted(pieces) == whole
