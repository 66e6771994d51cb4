"""Pure: when a patient may be written to without having written first, by the clocks where the patient lives.

Decides the first moment that is allowed. A window that ends before it begins reaches over midnight, and belongs to the
day on which it begins. Clocks that are put forward or back move the window with them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From minute to minute of the day; `weekdays` 0 is Monday. From and until equal: the whole day."""

    from_minute: int = 9 * 60
    until_minute: int = 21 * 60
    weekdays: frozenset[int] = frozenset(range(6))


def allowed_from(at_ms: int, window: Window, zone: ZoneInfo) -> int:
    """That moment if it is allowed, else the next one that is. ValueError for a window without days."""
    if not window.weekdays:
        raise ValueError("a window without days never opens")
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    day = local.date() - _DAY  # yesterday's window may reach over midnight
    while True:
        if day.weekday() in window.weekdays:
            opens, closes = _span(day, window, zone)
            if at_ms < closes:
                return max(at_ms, opens)
        day += _DAY


def start_of_day(at_ms: int, zone: ZoneInfo) -> int:
    """When the day began, by the clocks of the zone."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    return _at(local.date(), 0, zone)


def start_of_next_day(at_ms: int, zone: ZoneInfo) -> int:
    """When the next day begins there."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    return _at(local.date() + _DAY, 0, zone)


def _span(day: date, window: Window, zone: ZoneInfo) -> tuple[int, int]:
    until = window.until_minute
    if until <= window.from_minute:
        until += DAY_MINUTES
    return _at(day, window.from_minute, zone), _at(day, until, zone)


def _at(day: date, minute: int, zone: ZoneInfo) -> int:
    """A moment by the clock on the wall. One that the clocks skip is read as if they had not been put forward yet."""
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    return int(wall.timestamp() * 1000)
