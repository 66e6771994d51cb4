"""Pure: days and weeks of a facility's own calendar, in the hours that answers are counted by.

Where a time zone stands apart from UTC by a part of an hour, the hour of its midnight belongs to the new day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hub.core.errors import BadInput
from hub.feedback.figures.origin import Period

LONGEST_DAYS = 3700
"""Ten years; whoever asks for more has mistyped."""

_HOUR_S = 3600
_DAY = timedelta(days=1)
_DAY_H = 24
_SHORTEST_MONTH = 28
_START = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = _START.date()


class Step(StrEnum):
    """How long a point of a series is."""

    DAY = "day"
    WEEK = "week"  # from Monday; the first and the last are cut off by the period
    MONTH = "month"  # of the calendar; the first and the last are cut off by the period
    WHOLE = "whole"  # the period in one


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a period, and its hours since 1970 UTC: from the first, until before the last."""

    period: Period
    from_hour: int
    until_hour: int


def days_of(period: Period) -> Iterator[date]:
    """Each day, the first one first."""
    day = period.first
    while day <= period.last:
        yield day
        day += _DAY


def parts_of(period: Period, step: Step) -> list[Period]:
    """The period cut into steps; BadInput where it is too long."""
    if (period.last - period.first).days >= LONGEST_DAYS:
        raise BadInput("period", f"A period has at most {LONGEST_DAYS} days.")
    if step is Step.WHOLE:
        return [period]
    parts: list[Period] = []
    for day in days_of(period):
        if not parts or _begins(day, step):
            parts.append(Period(day, day))
        else:
            parts[-1] = Period(parts[-1].first, day)
    return parts


def _begins(day: date, step: Step) -> bool:
    if step is Step.MONTH:
        return day.day == 1
    return step is Step.DAY or day.weekday() == 0


def spans(period: Period, step: Step, zone: ZoneInfo) -> list[Span]:
    """The period cut into steps, with the hours that they have in that time zone."""
    return [
        Span(part, _hour(part.first, zone), _hour(part.last + _DAY, zone))
        for part in parts_of(period, step)
    ]


def day_number(day: date) -> int:
    """Whole days since 1970-01-01."""
    return (day - _FIRST_DAY).days


def day_of_number(number: int) -> date:
    """The day that has this number."""
    return _FIRST_DAY + timedelta(days=number)


def day_of_hour(hour: int, zone: ZoneInfo) -> int:
    """The number of the day to which an hour since 1970 UTC belongs; of UTC's days beyond all calendars."""
    try:
        return day_number((_START + timedelta(hours=hour)).astimezone(zone).date())
    except OverflowError:
        return hour // 24


def month_number(day: date) -> int:
    """Whole months since January 1970."""
    return (day.year - _FIRST_DAY.year) * 12 + day.month - 1


def first_of_month(number: int) -> date:
    """The first day of the month that has this number."""
    return date(_FIRST_DAY.year + number // 12, number % 12 + 1, 1)


def month_and_bit(day: int) -> tuple[int, int]:
    """To which month the day of this number belongs, and its bit among the month's days.

    Days beyond all calendars are put where no calendar's month is.
    """
    try:
        there = day_of_number(day)
    except OverflowError:
        return day // _SHORTEST_MONTH, 1 << day % _SHORTEST_MONTH
    return month_number(there), 1 << there.day - 1


def days_of_bits(month: int, bits: int) -> Iterator[date]:
    """The days of a month that are named by their bits, the first one first."""
    first = first_of_month(month)
    while bits:
        lowest = bits & -bits
        yield first + timedelta(days=lowest.bit_length() - 1)
        bits ^= lowest


def by_whole_months(period: Period) -> tuple[Period | None, list[Period]]:
    """The whole months in a period, as one, and what is left of it before and after them."""
    first = period.first
    if first.day > 1:
        first = first_of_month(month_number(first) + 1)
    after = first_of_month(month_number(period.last + _DAY))
    if first >= after:
        return None, [period]
    months = Period(first, after - _DAY)
    edges = []
    if period.first < months.first:
        edges.append(Period(period.first, months.first - _DAY))
    if months.last < period.last:
        edges.append(Period(after, period.last))
    return months, edges


def step_starts(period: Period, step: Step) -> dict[date, date]:
    """For each day the first day of its step."""
    return {day: part.first for part in parts_of(period, step) for day in days_of(part)}


def hour_of_week(hour: int, zone: ZoneInfo) -> tuple[int, int]:
    """Weekday (0 is Monday) and hour of the day, by the facility's clocks, of an hour since 1970 UTC."""
    there = datetime.fromtimestamp(hour * _HOUR_S, UTC).astimezone(zone)
    return there.weekday(), there.hour


def steady(span: Span, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """The hours of a span, first and end, cut where the clocks change: in each the weeks are alike, hour by hour."""
    first = span.from_hour
    for day in range(span.from_hour, span.until_hour, _DAY_H):
        end = min(day + _DAY_H, span.until_hour)
        if _offset(day, zone) != _offset(end, zone):
            change = next(h for h in range(day, end + 1) if _offset(h, zone) != _offset(day, zone))
            if first < change < span.until_hour:
                yield first, change
                first = change
    if first < span.until_hour:
        yield first, span.until_hour


def _offset(hour: int, zone: ZoneInfo) -> timedelta | None:
    return datetime.fromtimestamp(hour * _HOUR_S, zone).utcoffset()


def _hour(midnight_of: date, zone: ZoneInfo) -> int:
    midnight = datetime(midnight_of.year, midnight_of.month, midnight_of.day, tzinfo=zone)
    return int(midnight.timestamp()) // _HOUR_S
