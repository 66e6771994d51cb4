"""Pure: the form of maintenance hours: rows of from, until and days, as they were typed, and what they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.core.errors import BadInput
from hub.core.texts import gettext as _
from hub.fleet.rollouts.schemas import MOST_WINDOWS, DayWindow

FIRST, LAST = "22:00", "05:00"
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Row:
    """One window as it is in the form; days are counted from Monday, 0."""

    starts: str = FIRST
    ends: str = LAST
    days: Sequence[int] = field(default_factory=tuple)


def rows_of(windows: Sequence[DayWindow]) -> list[Row]:
    """What is kept, to be changed."""
    return [Row(clock(w.starts), clock(w.ends), tuple(w.days)) for w in windows]


def typed(form: Mapping[str, Sequence[str]]) -> list[Row]:
    """The rows of a form whose fields are `starts-0`, `ends-0`, `days-0`, `starts-1` and so on; gaps are no rows."""
    found = []
    for number in range(MOST_WINDOWS):
        if f"starts-{number}" in form:
            starts, ends = form[f"starts-{number}"][0], form.get(f"ends-{number}", [""])[0]
            days = [int(day) for day in form.get(f"days-{number}", ()) if day in set("0123456")]
            found.append(Row(starts, ends, tuple(sorted(days))))
    return found


def read(rows: Sequence[Row]) -> list[DayWindow]:
    """What they mean; BadInput names the row's field, such as `days-1`."""
    return [_window(number, row) for number, row in enumerate(rows)]


def clock(minute: int) -> str:
    """A minute of the day as clocks show it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _window(number: int, row: Row) -> DayWindow:
    if not row.days:
        raise BadInput(f"days-{number}", _("Choose the days, or remove these hours."))
    starts, ends = _minute(f"starts-{number}", row.starts), _minute(f"ends-{number}", row.ends)
    return DayWindow(starts=starts, ends=ends, days=list(row.days))


def _minute(field: str, text: str) -> int:
    hours, _colon, minutes = text.strip().partition(":")
    if hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2:
        minute = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and minute < DAY_MINUTES:
            return minute
    raise BadInput(field, _("Hours are written as 22:00."))
