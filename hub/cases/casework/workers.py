"""Who handles cases: their languages, topics and place in the chain of notices, and who they are among those judged."""

import json
from dataclasses import dataclass

from sqlmodel import col, select

from hub.cases.tables import CaseWorker, PatientCase
from hub.core.errors import NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork

MOST_RANK = 3


@dataclass(frozen=True, slots=True)
class Worker:
    """`facility` empty: for all of them. `rank` 1 hears of 80 %, 2 of 100 %, 3 of 150 %, 0 only of their own."""

    account: int
    facility: str
    name: str
    languages: frozenset[str]
    topics: frozenset[str]
    employee: str | None
    rank: int
    on_duty: bool


@dataclass(frozen=True, slots=True, repr=False)
class Reach:
    """Where notices to somebody of the staff go."""

    email: str = ""
    phone: str = ""


def account_of(scope: Scope) -> int | None:
    """The account that asks; None for the hub itself."""
    kind, _slash, number = scope.actor.partition("/")
    return int(number) if kind == "account" and number.isdecimal() else None


def employee_of(work: UnitOfWork, scope: Scope) -> str | None:
    """Who the one that asks is, among those whom patients judge."""
    account = account_of(scope)
    row = None if account is None else work.session.get(CaseWorker, (scope.organisation, account))
    return None if row is None else row.employee


@needs(Permission.SEE_CASES)
def workers(work: UnitOfWork, scope: Scope, facility: str) -> list[Worker]:
    """Everybody who may be given the cases of a facility, by name."""
    wanted = select(CaseWorker).where(
        CaseWorker.organisation == scope.within(facility).organisation,
        col(CaseWorker.facility).in_(["", facility]),
    )
    return [_view(row) for row in work.session.exec(wanted.order_by(col(CaseWorker.name)))]


@needs(Permission.SEE_CASES)
def names(work: UnitOfWork, scope: Scope) -> dict[int, str]:
    """Of everybody who handles cases, by account."""
    wanted = select(CaseWorker).where(CaseWorker.organisation == scope.organisation)
    return {row.account: row.name for row in work.session.exec(wanted)}


@needs(Permission.DIRECT_CASES)
def describe(work: UnitOfWork, scope: Scope, worker: Worker, reach: Reach) -> None:
    """Say who somebody is and what they know."""
    told = json.dumps({"email": reach.email, "phone": reach.phone})
    row = CaseWorker(
        organisation=scope.organisation,
        account=worker.account,
        facility=worker.facility,
        name=worker.name,
        languages=" ".join(sorted(worker.languages)),
        topics=" ".join(sorted(worker.topics)),
        employee=worker.employee or None,
        rank=worker.rank,
        on_duty=worker.on_duty,
        sealed=work.vault.seal(told.encode()),
    )
    work.session.merge(row)
    work.audit.record(scope, "case_worker.described", f"account/{worker.account}")


def reach_of(work: UnitOfWork, scope: Scope, account: int) -> Reach:
    """Where notices go; for sending them, never for showing."""
    row = work.session.get(CaseWorker, (scope.organisation, account))
    if row is None:
        raise NotFound(_("There is nobody of this number."))
    return Reach(**json.loads(work.vault.open(row.sealed)))


def in_hand(work: UnitOfWork, scope: Scope) -> dict[int, int]:
    """How many open cases everybody has."""
    wanted = select(PatientCase.responsible).where(
        scope.rows(PatientCase),
        col(PatientCase.responsible).is_not(None),
        col(PatientCase.closed_ms).is_(None),
    )
    found: dict[int, int] = {}
    for account in work.session.exec(wanted):
        found[account or 0] = found.get(account or 0, 0) + 1
    return found


def _view(row: CaseWorker) -> Worker:
    return Worker(
        row.account,
        row.facility,
        row.name,
        frozenset(row.languages.split()),
        frozenset(row.topics.split()),
        row.employee,
        row.rank,
        row.on_duty,
    )
