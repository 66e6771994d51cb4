"""Work on cases: minutes by worker and activity, typed in or by a running timer."""

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col, select

from hub.cases.labour.tables import CaseLabour, CaseTimer
from hub.core.errors import Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork

MINUTE_MS = 60_000
LONGEST_MINUTES = 24 * 60


class Activity(StrEnum):
    """What the work was."""

    CALLING = "calling"
    QUALIFYING = "qualifying"
    INVESTIGATING = "investigating"
    WRITING = "writing"
    MEETING = "meeting"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """`worker` is `account/5`; `timed` says that a timer measured it."""

    case_id: int
    worker: str
    activity: str
    minutes: int
    timed: bool
    at_ms: int


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock that runs for somebody."""

    case_id: int
    activity: str
    started_ms: int


def record(
    work: UnitOfWork,
    scope: Scope,
    case_id: int,
    facility: str,
    *,
    minutes: int,
    activity: Activity,
    timed: bool = False,
) -> None:
    """So much work by whoever asks; minutes are checked by the rules of statuses."""
    work.session.add(
        CaseLabour(
            organisation=scope.organisation,
            facility=facility,
            case_id=case_id,
            worker=scope.actor,
            activity=activity,
            minutes=minutes,
            timed=timed,
            at_ms=work.now_ms,
        )
    )


@needs(Permission.SEE_CASES)
def entries(work: UnitOfWork, scope: Scope, case_id: int) -> list[Entry]:
    """All work on a case, the earliest first."""
    wanted = select(CaseLabour).where(scope.rows(CaseLabour), CaseLabour.case_id == case_id)
    return [_view(row) for row in work.session.exec(wanted.order_by(col(CaseLabour.id)))]


@needs(Permission.SEE_CASES)
def between(work: UnitOfWork, scope: Scope, from_ms: int, until_ms: int) -> list[Entry]:
    """All work of a period."""
    wanted = select(CaseLabour).where(
        scope.rows(CaseLabour), col(CaseLabour.at_ms).between(from_ms, until_ms - 1)
    )
    return [_view(row) for row in work.session.exec(wanted)]


@needs(Permission.HANDLE_CASES)
def start_timer(
    work: UnitOfWork, scope: Scope, case_id: int, facility: str, activity: Activity
) -> None:
    """From now on; Conflict while another of one's clocks runs."""
    running = timer(work, scope)
    if running is not None:
        raise Conflict(
            _("Your clock runs on case %(case)s. Stop it first.") % {"case": running.case_id}
        )
    work.session.add(
        CaseTimer(
            organisation=scope.organisation,
            worker=scope.actor,
            facility=facility,
            case_id=case_id,
            activity=activity,
            started_ms=work.now_ms,
        )
    )
    work.audit.record(scope, "case.timer_started", f"case/{case_id}", facility=facility)


@needs(Permission.HANDLE_CASES)
def stop_timer(work: UnitOfWork, scope: Scope) -> Entry:
    """What it measured, in whole minutes begun, is recorded; NotFound when none runs."""
    row = work.session.get(CaseTimer, (scope.organisation, scope.actor))
    if row is None:
        raise NotFound(_("No clock of yours is running."))
    minutes = min(LONGEST_MINUTES, -(-(work.now_ms - row.started_ms) // MINUTE_MS))
    activity = Activity(row.activity)
    record(work, scope, row.case_id, row.facility, minutes=minutes, activity=activity, timed=True)
    work.audit.record(
        scope, "case.timer_stopped", f"case/{row.case_id}", facility=row.facility, minutes=minutes
    )
    work.session.delete(row)
    work.session.flush()
    return Entry(row.case_id, scope.actor, activity, minutes, True, work.now_ms)


def timer(work: UnitOfWork, scope: Scope) -> Timer | None:
    """The clock of whoever asks, if one runs."""
    row = work.session.get(CaseTimer, (scope.organisation, scope.actor))
    return None if row is None else Timer(row.case_id, row.activity, row.started_ms)


def _view(row: CaseLabour) -> Entry:
    return Entry(row.case_id, row.worker, row.activity, row.minutes, row.timed, row.at_ms)
