"""Which answers a page shows, as its address says: facility, touchpoint, employee, and the days of a period.

Days are those of the facility's own calendar, so that "today" is the day of whoever works there. Every period is
compared with the one just before it, which is as long.
"""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BaseModel, BeforeValidator

from contract.messages.envelope import Code, Identifier
from hub.core.scope import Scope
from hub.core.texts import N_
from hub.feedback.figures.origin import Period as Days
from hub.feedback.tallies import Selection


class Period(StrEnum):
    """Until today, since when."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


PERIODS: dict[Period, str] = {
    Period.TODAY: N_("Today"),
    Period.WEEK: N_("7 days"),
    Period.MONTH: N_("30 days"),
    Period.QUARTER: N_("90 days"),
}
_LENGTHS = {Period.TODAY: 1, Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90}

_BLANK_IS_NONE = BeforeValidator(lambda given: given or None)


class Filters(BaseModel):
    """None, or a blank field of the form, means all of them. `first` or `last` make a range of one's own."""

    facility: Annotated[Identifier | None, _BLANK_IS_NONE] = None
    touchpoint: Annotated[Code | None, _BLANK_IS_NONE] = None
    employee: Annotated[Code | None, _BLANK_IS_NONE] = None
    period: Annotated[Period, BeforeValidator(lambda given: given or Period.MONTH)] = Period.MONTH
    first: Annotated[date | None, _BLANK_IS_NONE] = None
    last: Annotated[date | None, _BLANK_IS_NONE] = None

    @property
    def own_range(self) -> bool:
        """Whether days were chosen one by one."""
        return self.first is not None or self.last is not None

    def within(self, scope: Scope) -> Scope:
        """The scope's part that is asked for; a facility outside it leaves nothing."""
        if self.facility is None:
            return scope
        return scope.within(self.facility)

    def place(self) -> dict[str, str | None]:
        """What an answer's own fields must be."""
        return self.model_dump(include={"facility", "touchpoint", "employee"})

    def days(self, today: date) -> Days:
        """The days that are meant; of a range with its ends exchanged, too."""
        if not self.own_range:
            return Days(today - timedelta(days=_LENGTHS[self.period] - 1), today)
        first, last = self.first or self.last or today, self.last or today
        return Days(min(first, last), max(first, last))

    def selection(self, days: Days) -> Selection:
        """What figures are asked for, in the scope that `within` leaves."""
        return Selection(days, touchpoint=self.touchpoint, employee=self.employee)

    def query(self, **instead: str | None) -> str:
        """As the end of an address, some fields replaced; empty when nothing is filtered."""
        chosen = self.model_dump(mode="json", exclude_defaults=True) | instead
        kept = {name: value for name, value in chosen.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


AskedFor = Annotated[Filters, Query()]
"""The filters of a request's address."""


def before(days: Days) -> Days:
    """As many days, just before these."""
    length = days.last - days.first + timedelta(days=1)
    return Days(days.first - length, days.last - length)


def day_there(now_ms: int, time_zone: str) -> date:
    """The day that it is in that time zone."""
    return datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(time_zone)).date()


def midnight_ms(day: date, time_zone: str) -> int:
    """When the day began there."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))
    return int(midnight.timestamp() * 1000)
