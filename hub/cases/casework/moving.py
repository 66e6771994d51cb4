"""Changing where a case stands: each change has its labour, whoever makes it and however many at once.

Decides nothing about which change is allowed (`statuses`); sees to it that a change, its labour, its chapter and its
audit are one transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from hub.cases.casework import cases, story
from hub.cases.casework.cases import CaseView, take_step
from hub.cases.casework.statuses import (
    ENDED,
    Progress,
    Status,
    checked_minutes,
    merged,
    moved,
    parted,
)
from hub.cases.events import StatusChanged, WaitingChanged
from hub.cases.labour.entries import Activity, record
from hub.cases.tables import CaseLabel, PatientCase
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Labour:
    """How much work a change took; `minutes` None is refused."""

    minutes: int | None
    activity: Activity = Activity.OTHER


@dataclass(frozen=True, slots=True)
class Move:
    """One case's change; `label` is the organisation's own word for the status; `note` is for colleagues."""

    case_id: int
    to: Status
    labour: Labour
    label: str | None = None
    note: str = ""
    seen: int | None = None
    """The version that somebody looked at when they decided."""


@needs(Permission.HANDLE_CASES)
def change_status(work: UnitOfWork, scope: Scope, move: Move) -> CaseView:
    """Conflict (409) where it may not follow, BadInput (422) without labour."""
    checked_minutes(move.labour.minutes)
    _check_label(work, scope, move)

    def change(progress: Progress) -> Progress:
        return moved(progress, move.to, move.labour.minutes)

    row = _changed(work, scope, move, change, "status")
    row.label = move.label
    if move.to is Status.QUALIFIED:
        take_step(row, "qualified")
    if move.to is Status.CLIENT_INFORMED:
        take_step(row, "informed")
    return cases.view(row)


@needs(Permission.HANDLE_CASES)
def change_many(work: UnitOfWork, scope: Scope, moves: Sequence[Move]) -> list[CaseView]:
    """All of them or, where one is refused, none; each with its own labour."""
    return [change_status(work, scope, move) for move in moves]


@needs(Permission.HANDLE_CASES)
def merge(work: UnitOfWork, scope: Scope, case_id: int, into: int, labour: Labour) -> CaseView:
    """It tells what another case tells already; `part` takes it back."""
    target = cases.found(work, scope, into)
    if into == case_id or target.status == Status.DUPLICATE:
        raise Conflict(
            _("Merge into the case that stays, which is not a duplicate itself."), field="into"
        )
    if _is_merged_into(work, scope, case_id):
        raise Conflict(_("Other cases were merged into this one. Part them first."), field="into")
    move = Move(case_id, Status.DUPLICATE, labour)
    row = _changed(work, scope, move, lambda p: merged(p, labour.minutes), "merged", into=into)
    row.merged_into = into
    story.tell(work, scope, target, "absorbed", other=case_id)
    return cases.view(row)


@needs(Permission.HANDLE_CASES)
def part(work: UnitOfWork, scope: Scope, case_id: int, labour: Labour) -> CaseView:
    """A case of its own again, where it stood before."""
    before = cases.found(work, scope, case_id).merged_into
    move = Move(case_id, Status.NEW, labour)
    row = _changed(
        work, scope, move, lambda p: parted(p, labour.minutes), "parted", out_of=before or 0
    )
    row.merged_into = None
    return cases.view(row)


@needs(Permission.HANDLE_CASES)
def wait_for_patient(work: UnitOfWork, scope: Scope, case_id: int, waiting: bool) -> CaseView:
    """It is the patient's turn, and the clocks stand still; or ours again."""
    row = cases.found(work, scope, case_id, lock=True)
    if waiting == (row.waiting_ms is not None):
        return cases.view(row)
    if waiting and Status(row.status) in ENDED:
        raise Conflict(_("Nothing is waited for in this case any more."), field="status")
    row.waiting_ms = work.now_ms if waiting else None
    story.tell(work, scope, row, "waiting" if waiting else "resumed")
    work.tell(WaitingChanged(row.organisation, row.facility, case_id, waiting))
    return cases.view(row)


@needs(Permission.DIRECT_CASES)
def control(work: UnitOfWork, scope: Scope, case_id: int) -> CaseView:
    """A quality manager has looked at what was done; nobody controls what they are responsible for."""
    row = cases.found(work, scope, case_id, lock=True)
    if row.responsible is not None and scope.actor == f"account/{row.responsible}":
        raise Conflict(
            _("Somebody else than whoever is responsible controls a case."), field="step"
        )
    take_step(row, "controlled")
    story.tell(work, scope, row, "controlled")
    return cases.view(row)


def _changed(
    work: UnitOfWork,
    scope: Scope,
    move: Move,
    change: Callable[[Progress], Progress],
    kind: str,
    **detail: int,
) -> PatientCase:
    row = cases.found(work, scope, move.case_id, lock=True)
    if move.seen is not None and move.seen != row.version:
        raise Conflict(
            _("Somebody else changed this case meanwhile. Load it again to see it."),
            field="version",
        )
    before = Status(row.status)
    cases.keep_progress(row, change(cases.progress_of(row)))
    after = Status(row.status)
    row.closed_ms = work.now_ms if after in ENDED else None
    row.reopened += before is Status.CLOSED
    minutes = checked_minutes(move.labour.minutes)
    record(work, scope, move.case_id, row.facility, minutes=minutes, activity=move.labour.activity)
    if row.waiting_ms is not None:  # whatever was waited for, something has happened
        row.waiting_ms = None
        work.tell(WaitingChanged(row.organisation, row.facility, move.case_id, waiting=False))
    told = {"before": before.value, "after": after.value, "minutes": minutes, **detail}
    story.tell(work, scope, row, kind, words=move.note, **told)
    work.tell(StatusChanged(row.organisation, row.facility, move.case_id, before, after))
    return row


def _check_label(work: UnitOfWork, scope: Scope, move: Move) -> None:
    if move.label is None:
        return
    facility = cases.found(work, scope, move.case_id).facility
    row = work.session.get(CaseLabel, (scope.organisation, facility, move.label))
    if row is None or row.inactive_ms is not None:
        raise NotFound(_("There is no such label."))
    if row.status != move.to:
        raise BadInput("label", _("This label belongs to another status."))


def _is_merged_into(work: UnitOfWork, scope: Scope, case_id: int) -> bool:
    wanted = select(PatientCase.id).where(
        scope.rows(PatientCase), col(PatientCase.merged_into) == case_id
    )
    return work.session.exec(wanted.limit(1)).first() is not None
