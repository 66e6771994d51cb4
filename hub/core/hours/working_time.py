"""Pure: time in which a place is open, or somebody is at work there, by its own calendar.

Hours are written as in OpenStreetMap (`Mo-Fr 09:00-13:00,14:00-17:00; Dec 24 off`), read by opening-hours-py, which
knows split shifts, nights and changes of the clock. Public holidays come from the package holidays.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import merge
from itertools import takewhile
from zoneinfo import ZoneInfo

import holidays
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from hub.core.errors import BadInput
from hub.core.hours.nights import left_over, until_midnight
from hub.core.texts import gettext as _

HORIZON_YEARS = 3
"""How far a calendar is looked through for somebody at work."""
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a facility works or is open; `closed` are further days off, whatever the hours say."""

    hours: str
    time_zone: str
    country: str = ""
    """Of the public holidays: ES, RU …; empty for none."""
    region: str = ""
    """Of its own holidays: CT for Catalonia."""
    closed: tuple[date, ...] = ()
    special: tuple[tuple[date, str], ...] = ()
    """Days with hours of their own (`09:00-13:00`), be they holidays or not; empty for closed."""


def checked(calendar: Calendar) -> Calendar:
    """The same; BadInput where it cannot be read, or nobody ever works."""
    try:
        OpeningHours(calendar.hours)
    except ParserError as error:
        raise BadInput(
            "hours", _("These hours cannot be read. Write them like Mo-Fr 09:00-17:00.")
        ) from error
    try:
        days_off(calendar, 2026)
    except NotImplementedError as error:
        raise BadInput(
            "country", _("The holidays of this country or region are not known.")
        ) from error
    if (
        next(_open(calendar, int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)), None)
        is None
    ):
        raise BadInput("hours", _("By these hours nobody ever works."))
    return calendar


def working_ms(calendar: Calendar, from_ms: int, until_ms: int) -> int:
    """How much of a span is working time."""
    total = 0
    for opens, closes in _open(calendar, from_ms):
        if opens >= until_ms:
            break
        total += min(closes, until_ms) - opens
    return total


def after(calendar: Calendar, from_ms: int, wanted_ms: int) -> int:
    """The first moment by which so much working time has passed."""
    if wanted_ms <= 0:
        return from_ms
    left = wanted_ms
    for opens, closes in _open(calendar, from_ms):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise BadInput("hours", _("By these hours nobody ever works."))


def end_of_working_day(calendar: Calendar, from_ms: int, days: int) -> int:
    """When work ends on the working day that comes so many after the day of `from_ms`."""
    zone = ZoneInfo(calendar.time_zone)
    first = _local(from_ms, zone).date()
    counted: set[date] = set()
    ends = from_ms
    for opens, closes in _open(calendar, from_ms):
        day = _local(opens, zone).date()
        if day > first:
            counted.add(day)
        if len(counted) > days:
            break
        ends = closes
    return ends


def open_spans(calendar: Calendar, from_ms: int, until_ms: int) -> list[tuple[int, int]]:
    """The spans of work that lie between two moments at least in part, cut off at the first."""
    return list(takewhile(lambda span: span[0] < until_ms, _open(calendar, from_ms)))


def is_working(calendar: Calendar, at_ms: int) -> bool:
    """Whether somebody is at work at that moment."""
    return working_ms(calendar, at_ms, at_ms + 1) > 0


def _open(calendar: Calendar, from_ms: int) -> Iterator[tuple[int, int]]:
    """Spans of work from a moment on, in milliseconds since 1970, none of them empty, and none touching the next."""
    zone = ZoneInfo(calendar.time_zone)
    # From a midnight before it: a moment of the hour that comes twice could not be told apart by wall time.
    first = _local(from_ms, zone).date() - timedelta(days=2)
    hours, left_over = _hours(calendar, first.year)
    spans = merge(_spans(hours, first, zone, days=0), _spans(left_over, first, zone, days=1))
    for opens, closes in _joined(spans):
        if from_ms < closes:
            yield max(opens, from_ms), closes


def _spans(
    hours: OpeningHours | None, first: date, zone: ZoneInfo, *, days: int
) -> Iterator[tuple[int, int]]:
    """By the wall's clock, so many days later."""
    if hours is None:
        return
    begins = datetime.combine(first, time())
    ends = begins.replace(year=begins.year + HORIZON_YEARS, day=min(begins.day, 28))
    for opens, closes, state, _comment in hours.intervals(begins, ends):
        if state == State.OPEN:
            yield _there(opens, zone, days), _there(closes, zone, days)


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What follows without a gap is one; the spans come in the order in which they begin."""
    last: tuple[int, int] | None = None
    for opens, closes in spans:
        if last is not None and opens <= last[1]:
            last = last[0], max(last[1], closes)
            continue
        if last is not None:
            yield last
        last = opens, closes
    if last is not None:
        yield last


@lru_cache(maxsize=256)
def _hours(calendar: Calendar, year: int) -> tuple[OpeningHours, OpeningHours | None]:
    """Of each day until midnight, and what is left over of its nights."""
    off = {
        day for each in range(year, year + HORIZON_YEARS + 1) for day in days_off(calendar, each)
    }
    rules = [_rule(day, "off") for day in sorted(off)]
    rules += [_rule(day, spans or "off") for day, spans in calendar.special]
    said = "; ".join([calendar.hours, *rules])
    left = left_over(said)
    try:
        return OpeningHours(until_midnight(said)), None if left is None else OpeningHours(left)
    except ParserError:  # written in a way that cannot be taken apart
        return OpeningHours(said), None


def _rule(day: date, spans: str) -> str:
    return f"{day.year} {day:%b} {day.day:02} {spans}"


def days_off(calendar: Calendar, year: int) -> set[date]:
    """Public holidays and further days off of a year."""
    public: set[date] = set()
    if calendar.country:
        region = calendar.region or None
        public = set(holidays.country_holidays(calendar.country, subdiv=region, years=year))
    return public | {day for day in calendar.closed if day.year == year}


def _local(at_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)


def _there(wall: datetime, zone: ZoneInfo, days: int) -> int:
    return _ms((wall + timedelta(days=days)).replace(tzinfo=zone))


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
