"""Which answers a page shows, as its address says: facility, touchpoint, employee and period.

Periods begin at midnight in the facility's zone, so that "today" is the day of whoever works there.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator

from contract.messages.envelope import Code, Identifier
from hub.core.scope import Scope
from hub.core.texts import N_


class Period(StrEnum):
    """Until now, since when."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


PERIODS: dict[Period, str] = {
    Period.TODAY: N_("Today"),
    Period.WEEK: N_("Last 7 days"),
    Period.MONTH: N_("Last 30 days"),
    Period.ALL: N_("All the time"),
}
_DAYS_BEFORE = {Period.TODAY: 0, Period.WEEK: 6, Period.MONTH: 29}

_BLANK_IS_NONE = BeforeValidator(lambda given: given or None)


class Filters(BaseModel):
    """None, or a blank field of the form, means all of them."""

    facility: Annotated[Identifier | None, _BLANK_IS_NONE] = None
    touchpoint: Annotated[Code | None, _BLANK_IS_NONE] = None
    employee: Annotated[Code | None, _BLANK_IS_NONE] = None
    period: Annotated[Period, BeforeValidator(lambda given: given or Period.ALL)] = Period.ALL

    def within(self, scope: Scope) -> Scope:
        """The scope's part that is asked for; a facility outside it leaves nothing."""
        if self.facility is None:
            return scope
        inside = scope.covers(scope.organisation, self.facility)
        return Scope(scope.organisation, frozenset({self.facility} if inside else ()))

    def place(self) -> dict[str, str | None]:
        """What an answer's own fields must be."""
        return self.model_dump(include={"facility", "touchpoint", "employee"})

    def query(self) -> str:
        """As the end of an address; empty when nothing is filtered."""
        chosen = self.model_dump(mode="json", exclude_defaults=True)
        return f"?{urlencode(chosen)}" if chosen else ""


def began_ms(period: Period, now_ms: int, time_zone: str) -> int | None:
    """When the period began; None for one without a beginning."""
    if period is Period.ALL:
        return None
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(time_zone))
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    began = (midnight - timedelta(days=_DAYS_BEFORE[period])).astimezone(UTC)
    return int(began.timestamp() * 1000)
