"""What terminals send becomes series: through the inbox, the jobs and the store, to what a page reads."""

import pytest
from sqlalchemy import text

from hub.core.scope import Scope
from hub.core.timeseries.points import DAY_MS, FINEST, LEVELS, MINUTE_MS, Point, Span
from hub.core.timeseries.recording import PointRecorder
from hub.core.timeseries.store import Query
from tests.fakes.clock import NOON_MS, HeldClock
from tests.hub.clinic import SOUTH, WHOLE, Clinic
from tests.hub.terminal import Terminal

EVER = Span(0, NOON_MS + 1000 * DAY_MS)


@pytest.fixture
def terminal(clock: HeldClock) -> Terminal:
    return Terminal(clock)


def written(clinic: Clinic, clock: HeldClock) -> dict[str, list[Point]]:
    """All that is in the store once the minute is over, by measurement."""
    clock.move(minutes=2)
    recorder = PointRecorder(clinic.workplace, clinic.series, clock, clinic.metrics)
    while recorder.step():
        pass
    found: dict[str, list[Point]] = {}
    for point in clinic.series.read(Query(WHOLE, FINEST, EVER, MINUTE_MS)):
        found.setdefault(point.series.measurement, []).append(point)
    return found


def jobs(clinic: Clinic) -> int:
    with clinic.workplace.read() as work:
        return int(work.connection.execute(text("SELECT count(*) FROM job")).scalar_one())


def test_presses_and_how_long_they_took(
    clinic: Clinic, terminal: Terminal, clock: HeldClock
) -> None:
    batch = [terminal.press(), terminal.press()]
    clock.move(ms=250)
    batch.append(terminal.answer())
    clock.move(ms=50)
    clinic.inbox.store(batch)
    assert jobs(clinic) == 1
    found = written(clinic, clock)
    (presses,), (latency,) = found["presses"], found["latency_ms"]
    assert (presses.at_ms, presses.n, presses.total) == (NOON_MS, 3, 3)
    assert (latency.n, latency.total, latency.least, latency.most) == (3, 650, 50, 300)
    assert presses.series[1:] == ("clinic", "north", "desk-1", "")
    assert jobs(clinic) == 0


def test_a_replay_is_not_measured_twice(
    clinic: Clinic, terminal: Terminal, clock: HeldClock
) -> None:
    batch = terminal.presses(3)
    for again in (batch, batch[:2], batch):
        clinic.inbox.store(again)
    assert [point.n for point in written(clinic, clock)["presses"]] == [3]


def test_what_comes_late_counts_when_it_happened_beside_what_came_in_time(
    clinic: Clinic, terminal: Terminal, clock: HeldClock
) -> None:
    kept_back = terminal.presses(2)
    clinic.inbox.store(terminal.presses(3))
    written(clinic, clock)
    clock.move(hours=3)
    clinic.inbox.store(kept_back)
    found = written(clinic, clock)
    assert [(p.at_ms, p.n) for p in found["presses"]] == [(NOON_MS, 5)]
    assert found["latency_ms"][0].most == 3 * 3_600_000 + 120_000
    for level in LEVELS:
        points = clinic.series.read(Query(WHOLE, level, EVER, level.step_ms))
        assert [p.n for p in points if p.series.measurement == "presses"] == [5]


def test_a_press_at_an_unknown_time_or_not_said_just_now_has_no_latency(
    clinic: Clinic, terminal: Terminal, clock: HeldClock
) -> None:
    kept = terminal.press()
    kept.retained = True
    terminal.synchronised = False
    terminal.reboot(8)
    clinic.inbox.store([kept, terminal.press()])
    assert written(clinic, clock).keys() == {"presses"}


def test_health_and_its_readings(clinic: Clinic, terminal: Terminal, clock: HeldClock) -> None:
    clinic.inbox.store(
        [
            terminal.health(check="clock", status="ok"),
            terminal.health(check="disk", status="warning", value=7.5, unit="%"),
            terminal.health(check="most", status="failure", value=2**63 - 1),
            terminal.health(check="least", status="failure", value=-1e308),
        ]
    )
    found = written(clinic, clock)
    assert {p.series.part: p.most for p in found["health"]} == {
        "clock": 0, "disk": 1, "most": 2, "least": 2,
    }  # fmt: skip
    assert {p.series.part: p.total for p in found["reading"]} == {
        "disk": 7.5, "most": 1e15, "least": -1e15,
    }  # fmt: skip


def test_the_queue_of_a_connected_terminal(
    clinic: Clinic, terminal: Terminal, clock: HeldClock
) -> None:
    clinic.inbox.store([terminal.state(pending=12), terminal.state(pending=4)])
    clinic.inbox.store([terminal.state(pending=90, retained=True)])
    (depth,) = written(clinic, clock)["queue_depth"]
    assert (depth.n, depth.least, depth.most) == (2, 4, 12)


def test_one_row_for_a_batch_of_many_terminals_and_each_sees_its_own(
    clinic: Clinic, terminal: Terminal, clock: HeldClock
) -> None:
    other = Terminal(clock, SOUTH)
    clinic.inbox.store([*terminal.presses(2), *other.presses(5), terminal.health()])
    assert jobs(clinic) == 1
    written(clinic, clock)
    south = clinic.series.read(
        Query(Scope("clinic", frozenset({"south"})), FINEST, EVER, MINUTE_MS)
    )
    assert {p.series.device for p in south} == {"desk-2"}
    assert [p.n for p in south if p.series.measurement == "presses"] == [5]


def test_what_cannot_be_stored_is_not_measured(
    clinic: Clinic, terminal: Terminal, clock: HeldClock
) -> None:
    garbled = terminal.arrived("ButtonPressed", b"{}")
    clinic.inbox.store([*terminal.presses(2), garbled, terminal.press()])
    assert [p.n for p in written(clinic, clock)["presses"]] == [3]


def test_people_near_are_measured_as_they_were_counted(
    clinic: Clinic, terminal: Terminal, clock: HeldClock
) -> None:
    nobody = terminal.presence(approaches=0)
    some = terminal.presence(approaches=4, looked=3, dwell_ms=10_000)
    clinic.inbox.store([nobody, some])
    found = written(clinic, clock)
    assert sum(point.total for point in found["approaches"]) == 4
    assert sum(point.n for point in found["approaches"]) == 2
    (dwell,), (looked,) = found["dwell_ms"], found["looked"]
    assert (dwell.n, dwell.mean) == (4, 2500)
    assert (looked.n, looked.mean, looked.least, looked.most) == (4, 0.75, 0, 1)
