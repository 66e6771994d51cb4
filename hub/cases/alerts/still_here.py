"""An unhappy answer from somebody who is likely still in the building: the duty manager's telephone and the wallboard.

Decides who is likely still here: whoever answered at a terminal within the last two minutes, by a clock that can be
trusted. The alert says where, never who.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Table
from sqlmodel import col, select

from contract.surveys import MAY_WE_CALL
from hub.cases.alerts.tables import DutyAlert
from hub.core.errors import NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.events import AnswerView, ResponsesRecorded
from hub.feedback.questions import UNHAPPY

alert: Table = DutyAlert.__table__  # type: ignore[attr-defined]

STILL_HERE_MS = 2 * 60_000
SHOWN_MS = 30 * 60_000
UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """Somebody should go there now."""

    organisation: str
    facility: str
    alert: int
    touchpoint: str | None


@dataclass(frozen=True, slots=True)
class AlertView:
    """`seen_by` is `account/5` once somebody has said that they go."""

    id: int
    facility: str
    touchpoint: str | None
    employee: str | None
    value: str | None
    at_ms: int
    seen_ms: int | None
    seen_by: str


def is_still_here(answer: AnswerView, now_ms: int) -> bool:
    """Whether somebody unhappy stands, or stood a moment ago, at this terminal."""
    return (
        answer.kind == "screen"
        and answer.value in UNHAPPY
        and answer.question != MAY_WE_CALL.code
        and not answer.flags
        and answer.time_source != UNCERTAIN
        and 0 <= now_ms - answer.occurred_ms <= STILL_HERE_MS
    )


def raise_alerts(work: UnitOfWork, event: ResponsesRecorded) -> None:
    """`within` listener: one alert for each place, however many answer there at once."""
    by_place: dict[tuple[str, str, str | None], list[AnswerView]] = defaultdict(list)
    for answer in event.responses:
        if is_still_here(answer, work.now_ms):
            by_place[answer.organisation, answer.facility, answer.touchpoint].append(answer)
    for answers in by_place.values():
        _raise(work, answers[-1])


@needs(Permission.SEE_CASES)
def alerts(work: UnitOfWork, scope: Scope) -> list[AlertView]:
    """Of the last half hour, the newest first."""
    wanted = select(DutyAlert).where(
        scope.rows(DutyAlert), col(DutyAlert.at_ms) > work.now_ms - SHOWN_MS
    )
    rows = work.session.exec(wanted.order_by(col(DutyAlert.id).desc()).limit(20))
    return [AlertView(**row.model_dump(exclude={"organisation", "answer"})) for row in rows]


@needs(Permission.HANDLE_CASES)
def see(work: UnitOfWork, scope: Scope, number: int) -> None:
    """Somebody goes there."""
    wanted = select(DutyAlert).where(scope.rows(DutyAlert), DutyAlert.id == number)
    row = work.session.exec(wanted.with_for_update()).first()
    if row is None:
        raise NotFound(_("There is no such alert."))
    if row.seen_ms is None:
        row.seen_ms, row.seen_by = work.now_ms, scope.actor
        work.session.add(row)
        work.audit.record(scope, "alert.seen", f"alert/{number}", facility=row.facility)


def _raise(work: UnitOfWork, answer: AnswerView) -> None:
    row = DutyAlert(
        organisation=answer.organisation,
        facility=answer.facility,
        touchpoint=answer.touchpoint,
        employee=answer.employee,
        value=answer.value,
        answer=answer.id,
        at_ms=work.now_ms,
    )
    work.session.add(row)
    work.session.flush()
    work.tell(AlertRaised(row.organisation, row.facility, row.id or 0, row.touchpoint))
