"""Answers by the visit they were given on: what somebody in front of a screen said before they left their number."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from contract.surveys import MAY_WE_CALL
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.questions import UNHAPPY
from hub.feedback.service import response

DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class VisitAnswer:
    """The first unhappy answer of a visit."""

    id: int
    visit: str
    touchpoint: str | None
    employee: str | None
    question: str | None
    value: str
    score: int | None


def answer_of_visit(work: UnitOfWork, scope: Scope, visit: str, near_ms: int) -> VisitAnswer | None:
    """What was said on a visit within a day of that moment; None where nothing unhappy was."""
    span = response.c.occurred_ms.between(near_ms - DAY_MS, near_ms + DAY_MS)
    return _answers(work, scope, response.c.visit == visit, span).get(visit)


def answers_of_numbers(
    work: UnitOfWork, scope: Scope, numbers: Collection[int]
) -> dict[str, VisitAnswer]:
    """By visit, of answers whose numbers are known."""
    return _answers(work, scope, response.c.id.in_(sorted(numbers)), response.c.visit.is_not(None))


def _answers(work: UnitOfWork, scope: Scope, *meant: ColumnElement[bool]) -> dict[str, VisitAnswer]:
    c = response.c
    columns = (c.id, c.visit, c.touchpoint, c.employee, c.question, c.value, c.score)
    unhappy = (c.value.in_(sorted(UNHAPPY)), c.question != MAY_WE_CALL.code)
    wanted = select(*columns).where(scope.rows(c), *unhappy, *meant).order_by(c.id.desc())
    return {row.visit: VisitAnswer(*row) for row in work.connection.execute(wanted)}
