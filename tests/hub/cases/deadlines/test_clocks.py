"""A deadline's clock: 80, 100 and 150 percent of working time, and standing still while the patient is waited for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.cases.deadlines import clocks
from hub.cases.deadlines.clocks import NOTICES, Clock
from tests.hub.core.hours.test_working_time import MOMENTS, OFFICE, SIESTA, ms

HOUR = 3_600_000


def test_notices_of_an_hour_begun_on_friday_evening() -> None:
    clock = clocks.started(ms(OFFICE, "2026-11-27 16:30"), HOUR)
    moments = [clocks.moment_of(clock, OFFICE, percent) for percent in NOTICES]
    assert moments == [
        ms(OFFICE, "2026-11-30 09:18"),
        ms(OFFICE, "2026-11-30 09:30"),
        ms(OFFICE, "2026-11-30 10:00"),
    ]


def test_it_stands_still_while_the_patient_is_waited_for() -> None:
    clock = clocks.started(ms(OFFICE, "2026-11-23 09:00"), 8 * HOUR)
    clock = clocks.paused(clock, OFFICE, ms(OFFICE, "2026-11-23 11:00"))
    assert clocks.next_notice_ms(clock, OFFICE) is None
    assert clocks.used(clock, OFFICE, ms(OFFICE, "2026-11-26 11:00")) == 2 * HOUR
    clock = clocks.resumed(clock, ms(OFFICE, "2026-11-25 16:00"))
    assert clocks.moment_of(clock, OFFICE, 100) == ms(OFFICE, "2026-11-26 14:00")


def test_each_notice_comes_once_and_none_after_the_work_is_done() -> None:
    clock = clocks.started(ms(OFFICE, "2026-11-23 09:00"), HOUR)
    seen = []
    while (percent := clocks.next_notice(clock)) is not None:
        seen.append(percent)
        clock = Clock(clock.allowed_ms, clock.running_ms, clock.used_ms, told=percent)
    assert tuple(seen) == NOTICES
    done = clocks.met(
        clocks.started(ms(OFFICE, "2026-11-23 09:00"), HOUR), OFFICE, ms(OFFICE, "2026-11-23 09:30")
    )
    assert clocks.next_notice_ms(done, OFFICE) is None
    assert not clocks.is_overdue(done, OFFICE, ms(OFFICE, "2027-11-23 09:30"))
    assert clocks.resumed(done, ms(OFFICE, "2026-11-24 09:30")) == done


@settings(max_examples=50, deadline=None)
@given(MOMENTS, st.lists(st.integers(1, 10**8), min_size=1, max_size=6))
def test_only_running_time_counts(start: int, spans: list[int]) -> None:
    clock, now, expected = clocks.started(start, 100 * HOUR), start, 0
    for number, span in enumerate(spans):
        if number % 2 == 0:
            expected += clocks.used(Clock(0, now), SIESTA, now + span)
            clock = clocks.paused(clock, SIESTA, now + span)
        else:
            clock = clocks.resumed(clock, now + span)
        now += span
    assert clocks.used(clock, SIESTA, now) == expected
