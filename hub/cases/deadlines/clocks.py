"""Pure: a deadline's clock. It counts working time, stands still only while the patient is waited for, and says when
somebody must be told.
"""

from dataclasses import dataclass, replace

from hub.core.hours.working_time import Calendar, after, working_ms

NOTICES = (80, 100, 150)
"""At which percentage of the time allowed somebody is told, each time one step further up."""


@dataclass(frozen=True, slots=True)
class Clock:
    """`used_ms` of working time had passed when it last began to run; `running_ms` None: it stands still."""

    allowed_ms: int
    running_ms: int | None
    used_ms: int = 0
    told: int = 0
    """The highest percentage of which somebody has been told."""
    met_ms: int | None = None


def started(now_ms: int, allowed_ms: int) -> Clock:
    return Clock(allowed_ms=allowed_ms, running_ms=now_ms)


def used(clock: Clock, calendar: Calendar, now_ms: int) -> int:
    """Working time that counts, in milliseconds."""
    if clock.running_ms is None:
        return clock.used_ms
    return clock.used_ms + working_ms(calendar, clock.running_ms, now_ms)


def paused(clock: Clock, calendar: Calendar, now_ms: int) -> Clock:
    """The patient's turn; a clock that stands still stays as it is."""
    return replace(clock, used_ms=used(clock, calendar, now_ms), running_ms=None)


def resumed(clock: Clock, now_ms: int) -> Clock:
    """Ours again."""
    return (
        clock
        if clock.running_ms is not None or clock.met_ms is not None
        else replace(clock, running_ms=now_ms)
    )


def met(clock: Clock, calendar: Calendar, now_ms: int) -> Clock:
    """What was to be done is done; the clock stops for good."""
    if clock.met_ms is not None:
        return clock
    return replace(paused(clock, calendar, now_ms), met_ms=now_ms)


def is_overdue(clock: Clock, calendar: Calendar, now_ms: int) -> bool:
    """Whether more time was or is used than allowed."""
    return used(clock, calendar, now_ms) > clock.allowed_ms


def moment_of(clock: Clock, calendar: Calendar, percent: int) -> int | None:
    """When so much of the time allowed will be used up; None while the clock stands still."""
    if clock.running_ms is None:
        return None
    return after(calendar, clock.running_ms, clock.allowed_ms * percent // 100 - clock.used_ms)


def next_notice(clock: Clock) -> int | None:
    """The percentage that somebody must be told of next."""
    if clock.met_ms is not None:
        return None
    return next((percent for percent in NOTICES if percent > clock.told), None)


def next_notice_ms(clock: Clock, calendar: Calendar) -> int | None:
    """When that will be; None while nothing is to come."""
    percent = next_notice(clock)
    return None if percent is None else moment_of(clock, calendar, percent)
