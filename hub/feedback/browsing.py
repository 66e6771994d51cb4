"""Answers as somebody looks for them: at one place, of one person, since a moment."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.events import AnswerView
from hub.feedback.service import response, view_of


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


def newest(work: UnitOfWork, scope: Scope, sought: Sought, limit: int) -> list[AnswerView]:
    """What was stored last comes first."""
    wanted = select(response).where(scope.rows(response.c), sought.rows())
    rows = work.connection.execute(wanted.order_by(response.c.id.desc()).limit(limit)).mappings()
    return [view_of(row) for row in rows]
