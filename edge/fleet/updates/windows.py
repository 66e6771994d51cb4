"""Pure: whether a release may be installed at a moment, by the clocks of the place.

A window is told by the wall clock of its zone, so a night that is an hour longer has an hour more of it, and a window
that lies wholly in an hour that is left out does not open that night.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contract.jobs import Window


class UnknownZone(ValueError):
    """The window names a time zone that nobody knows."""


def is_open(windows: Sequence[Window], at_ms: int) -> bool:
    """Whether one of the windows is open at a moment (milliseconds since 1970, UTC); without any, always."""
    return not windows or any(_is_within(window, at_ms) for window in windows)


def _is_within(window: Window, at_ms: int) -> bool:
    try:
        zone = ZoneInfo(window.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(f"{window.zone}: no time zone") from error
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    minute = local.hour * 60 + local.minute
    today = local.weekday() in window.days
    if window.starts < window.ends:
        return today and window.starts <= minute < window.ends
    yesterday = (local.date() - timedelta(days=1)).weekday() in window.days
    return (today and minute >= window.starts) or (yesterday and minute < window.ends)
