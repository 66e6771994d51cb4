"""Answers as somebody looks for them: at one place, of one person, since a moment."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.events import AnswerView
from hub.feedback.service import response
from hub.feedback.tallies import answer_day, facility_day
from hub.identity import service as identity

DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for within a scope; None leaves it open. Given from `from_ms` on, and before `until_ms`."""

    touchpoint: str | None = None
    employee: str | None = None
    from_ms: int | None = None
    until_ms: int | None = None

    def rows(self) -> ColumnElement[bool]:
        """The condition that leaves only these rows."""
        wanted = [
            response.c[name] == value
            for name, value in (("touchpoint", self.touchpoint), ("employee", self.employee))
            if value is not None
        ]
        if self.from_ms is not None:
            wanted.append(response.c.occurred_ms >= self.from_ms)
        if self.until_ms is not None:
            wanted.append(response.c.occurred_ms < self.until_ms)
        return and_(True, *wanted)


@needs(Permission.SEE_ANSWERS)
def newest(work: UnitOfWork, scope: Scope, sought: Sought, limit: int) -> list[AnswerView]:
    """Of the last days that have so many: what was stored last comes first.

    The counts say which days these are. Otherwise, to find few answers, a database might read through all there are.
    """
    meant = _last_days(work, scope, sought, limit)
    if meant is None:
        return []
    these = (
        select(response.c.id)
        .where(response.c.organisation == scope.organisation, meant, sought.rows())
        .order_by(response.c.id.desc())
        .limit(limit)
    )
    wanted = select(response).where(response.c.id.in_(these)).order_by(response.c.id.desc())
    return [AnswerView.of_row(row) for row in work.connection.execute(wanted).mappings()]


def _last_days(
    work: UnitOfWork, scope: Scope, sought: Sought, limit: int
) -> ColumnElement[bool] | None:
    """Where and when the last answers were given; None where there are none.

    A day of a calendar begins and ends at most a day before or after that of UTC.
    """
    everybody = sought.touchpoint is None and sought.employee is None
    c = (facility_day if everybody else answer_day).c
    filters = {"touchpoint": sought.touchpoint, "employee": sought.employee}
    conditions = [c[name] == value for name, value in filters.items() if value is not None]
    if sought.from_ms is not None:
        conditions.append(c.day >= sought.from_ms // DAY_MS - 1)
    if sought.until_ms is not None:
        conditions.append(c.day <= sought.until_ms // DAY_MS + 1)
    facilities = sorted(identity.time_zones(work, scope))
    rows = (
        select(c.day, c.facility, func.sum(c.count))
        .where(c.organisation == scope.organisation, c.facility.in_(facilities), *conditions)
        .group_by(c.day, c.facility)
        .order_by(c.day.desc())
    )
    found: list[tuple[int, str]] = []
    count = 0
    for day, facility, answers in work.connection.execute(rows):
        if count >= limit and day < found[-1][0]:
            break
        found.append((day, facility))
        count += answers
    if not found:
        return None
    return and_(
        response.c.facility.in_(sorted({facility for _, facility in found})),
        response.c.occurred_ms.between((found[-1][0] - 1) * DAY_MS, (found[0][0] + 2) * DAY_MS),
    )
