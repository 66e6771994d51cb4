"""The list of cases: filtered, searched, paged by number, and counted by status."""

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Table, func, select
from sqlmodel import col
from sqlmodel import select as select_rows

from hub.cases.casework import cases, words
from hub.cases.casework.cases import CaseView
from hub.cases.casework.statuses import Status
from hub.cases.tables import CaseLabel, PatientCase
from hub.cases.tables import CaseView as SavedRow
from hub.core.errors import BadInput, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork

patient_case: Table = PatientCase.__table__  # type: ignore[attr-defined]

MOST_VIEWS = 50


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; None and empty leave it open. `responsible` 0 means nobody."""

    statuses: tuple[Status, ...] = ()
    open_only: bool = False
    topic: str | None = None
    touchpoint: str | None = None
    employee: str | None = None
    facility: str | None = None
    source: str | None = None
    responsible: int | None = None
    language: str | None = None
    label: str | None = None
    urgent: bool | None = None
    overdue: bool = False
    from_ms: int | None = None
    until_ms: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the list, the newest first, and whether there are older ones."""

    cases: list[CaseView] = field(default_factory=list)
    more: bool = False


@needs(Permission.SEE_CASES)
def found(
    work: UnitOfWork, scope: Scope, sought: Sought, limit: int = 50, before: int | None = None
) -> Found:
    """The newest `limit` cases that are meant, or those before a number."""
    conditions = _conditions(work, scope, sought)
    if before is not None:
        conditions.append(patient_case.c.id < before)
    these = (
        select(patient_case.c.id)
        .where(*conditions)
        .order_by(patient_case.c.id.desc())
        .limit(limit + 1)
    )
    numbers = list(work.connection.execute(these).scalars())
    wanted = select_rows(PatientCase).where(
        scope.rows(PatientCase), col(PatientCase.id).in_(numbers[:limit])
    )
    rows = work.session.exec(wanted.order_by(col(PatientCase.id).desc())).all()
    return Found([cases.view(row) for row in rows], len(numbers) > limit)


@needs(Permission.SEE_CASES)
def counts(work: UnitOfWork, scope: Scope) -> dict[Status, int]:
    """How many cases there are of each status."""
    wanted = (
        select(patient_case.c.status, func.count())
        .where(scope.rows(patient_case.c))
        .group_by(patient_case.c.status)
    )
    return {Status(status): count for status, count in work.connection.execute(wanted)}


@needs(Permission.SEE_CASES)
def save_view(work: UnitOfWork, scope: Scope, account: int, name: str, query: str) -> int:
    """Filters under a name, for one's own list; the same name again replaces them."""
    mine = select_rows(SavedRow).where(
        SavedRow.organisation == scope.organisation, SavedRow.account == account
    )
    kept = {row.name: row for row in work.session.exec(mine)}
    if name not in kept and len(kept) >= MOST_VIEWS:
        raise BadInput("name", _("You have fifty saved views. Delete one first."))
    row = kept.get(name) or SavedRow(
        organisation=scope.organisation, account=account, name=name, query=query
    )
    row.query = query
    work.session.add(row)
    work.session.flush()
    work.audit.record(scope, "case_view.saved", f"case_view/{row.id}")
    return row.id or 0


@needs(Permission.SEE_CASES)
def views(work: UnitOfWork, scope: Scope, account: int) -> list[tuple[int, str, str]]:
    """Number, name and query of one's own views, by name."""
    mine = select_rows(SavedRow).where(
        SavedRow.organisation == scope.organisation, SavedRow.account == account
    )
    rows = work.session.exec(mine.order_by(col(SavedRow.name)))
    return [(row.id or 0, row.name, row.query) for row in rows]


@needs(Permission.SEE_CASES)
def delete_view(work: UnitOfWork, scope: Scope, account: int, view: int) -> None:
    """One's own; NotFound."""
    row = work.session.get(SavedRow, view)
    if row is None or (row.organisation, row.account) != (scope.organisation, account):
        raise NotFound(_("There is no such view."))
    work.session.delete(row)
    work.audit.record(scope, "case_view.deleted", f"case_view/{view}")


@needs(Permission.SEE_CASES)
def labels(
    work: UnitOfWork, scope: Scope, facility: str | None = None, *, with_unused: bool = False
) -> list[CaseLabel]:
    """The organisation's own words for statuses; `with_unused`: those out of use, too."""
    inside = scope if facility is None else scope.within(facility)
    wanted = select_rows(CaseLabel).where(inside.rows(CaseLabel))
    if not with_unused:
        wanted = wanted.where(col(CaseLabel.inactive_ms).is_(None))
    return list(work.session.exec(wanted.order_by(col(CaseLabel.status), col(CaseLabel.name))))


@needs(Permission.DIRECT_CASES)
def set_label(
    work: UnitOfWork,
    scope: Scope,
    facility: str,
    label: str,
    *,
    name: str,
    status: Status,
    active: bool = True,
) -> None:
    """A new label, another name for one, or one out of use; its status never changes."""
    if not scope.covers(scope.organisation, facility):
        raise NotFound(_("There is no such facility."))
    row = work.session.get(CaseLabel, (scope.organisation, facility, label))
    if row is not None and row.status != status:
        raise BadInput("status", _("A label keeps its status. Make another label."))
    row = row or CaseLabel(
        organisation=scope.organisation, facility=facility, id=label, name=name, status=status
    )
    row.name, row.inactive_ms = name, None if active else work.now_ms
    work.session.add(row)
    work.audit.record(scope, "case_label.set", f"case_label/{label}", facility=facility)


def _conditions(work: UnitOfWork, scope: Scope, sought: Sought) -> list[ColumnElement[bool]]:
    c = patient_case.c
    inside = scope if sought.facility is None else scope.within(sought.facility)
    conditions = [inside.rows(c)] if _is_narrow(sought) else _by_number(inside)
    conditions += [
        c[name] == value
        for name in ("topic", "touchpoint", "employee", "source", "language", "label")
        if (value := getattr(sought, name)) is not None
    ]
    if sought.statuses:
        conditions.append(c.status.in_(sought.statuses))
    if sought.open_only:
        conditions.append(c.closed_ms.is_(None))
    if sought.responsible is not None:
        nobody = c.responsible.is_(None)
        conditions.append(
            nobody if sought.responsible == 0 else c.responsible == sought.responsible
        )
    if sought.urgent is not None:
        conditions.append(c.urgent == sought.urgent)
    if sought.from_ms is not None:
        conditions.append(c.opened_ms >= sought.from_ms)
    if sought.until_ms is not None:
        conditions.append(c.opened_ms < sought.until_ms)
    if sought.overdue:
        conditions.append(c.due_ms <= work.now_ms)
    meant = words.found_by(work, inside, sought.text) if sought.text.strip() else None
    return conditions if meant is None else [*conditions, meant]


def _is_narrow(sought: Sought) -> bool:
    """Whether an index leads to few cases."""
    return bool(sought.employee or sought.touchpoint or sought.responsible or sought.overdue)


def _by_number(scope: Scope) -> list[ColumnElement[bool]]:
    """The scope's rows, read by number from the newest on: by way of an index SQLite would sort all there are."""
    c = patient_case.c
    here: list[ColumnElement[bool]] = [c.organisation.concat("") == scope.organisation]
    if scope.facilities is not None:
        here.append(c.facility.concat("").in_(sorted(scope.facilities)))
    return here
