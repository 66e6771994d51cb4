"""Who handles cases: everybody whose role allows it, with what was said of them.

That is their languages, topics and place in the chain of notices, who they are among those judged, whether they take
cases at all, and who acts for them while they are away.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from hub.cases.casework import absence
from hub.cases.casework.absence import HERE, Absence, acting
from hub.cases.tables import CaseWorker, PatientCase
from hub.core.errors import BadInput, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity
from hub.identity.colleagues import address_of, colleagues, employees_of, say_who

MOST_RANK = 3


@dataclass(frozen=True, slots=True)
class Worker:
    """`facility`: whose managers may say this anew; empty: those of the whole organisation.

    `rank` 1 hears of 80 %, 2 of 100 %, 3 of 150 %, 0 only of their own.
    """

    account: int
    facility: str
    name: str
    languages: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    employee: str | None = None
    rank: int = 0
    on_duty: bool = False
    takes_cases: bool = True
    absence: Absence = HERE


@dataclass(frozen=True, slots=True, repr=False)
class Reach:
    """Where notices to somebody of the staff go."""

    email: str = ""
    phone: str = ""


@needs(Permission.SEE_CASES)
def workers(work: UnitOfWork, scope: Scope, facility: str) -> list[Worker]:
    """Everybody who can handle the cases of a facility, by name."""
    here = scope.within(facility)
    able = [c for c in colleagues(work, here, Permission.HANDLE_CASES) if c.in_use]
    told = _described(work, scope)
    found = [told.get(c.account) or Worker(c.account, facility, c.name) for c in able]
    return sorted(found, key=lambda worker: worker.name)


def present(
    work: UnitOfWork, scope: Scope, facility: str, people: Iterable[Worker]
) -> dict[int, Worker]:
    """Today at a facility: by account, who acts for whom; without those for whom nobody does."""
    by_account = {worker.account: worker for worker in people}
    absences = {account: worker.absence for account, worker in by_account.items()}
    day = today(work, scope, facility)
    found = {account: acting(account, absences, day) for account in by_account}
    return {account: by_account[one] for account, one in found.items() if one in by_account}


def today(work: UnitOfWork, scope: Scope, facility: str) -> date:
    """The day it is at a facility."""
    zone = ZoneInfo(identity.time_zone(work, scope.within(facility), facility))
    return datetime.fromtimestamp(work.now_ms / 1000, UTC).astimezone(zone).date()


@needs(Permission.SEE_CASES)
def names(work: UnitOfWork, scope: Scope) -> dict[int, str]:
    """Of everybody of the scope who can see cases, or could once, by account."""
    told = _described(work, scope)
    return {
        c.account: told[c.account].name if c.account in told else c.name
        for c in colleagues(work, scope, Permission.SEE_CASES)
    }


@needs(Permission.DIRECT_CASES)
def describe(work: UnitOfWork, scope: Scope, worker: Worker, reach: Reach) -> None:
    """Say who somebody is and what they know; NotFound for whoever cannot handle cases there.

    Conflict for whoever would say of themselves that no complaint concerns them.
    """
    _check(work, scope, worker)
    say_who(work, scope, worker.account, worker.employee or None)
    absence.checked(worker.absence, worker.account)
    told = json.dumps({"email": reach.email, "phone": reach.phone})
    row = CaseWorker(
        organisation=scope.organisation,
        account=worker.account,
        facility=worker.facility,
        name=worker.name,
        languages=" ".join(sorted(worker.languages)),
        topics=" ".join(sorted(worker.topics)),
        rank=worker.rank,
        on_duty=worker.on_duty,
        takes_cases=worker.takes_cases,
        away_from=worker.absence.first,
        away_until=worker.absence.last,
        deputy=worker.absence.deputy,
        sealed=work.vault.seal(told.encode()),
    )
    work.session.merge(row)
    work.audit.record(
        scope,
        "case_worker.described",
        f"account/{worker.account}",
        facility=worker.facility or None,
    )


def reach_of(work: UnitOfWork, scope: Scope, account: int) -> Reach:
    """Where notices go; for sending them, never for showing. Without word of it, to the account's own address."""
    kept = _reach(work, scope, account)
    return kept if kept.email else replace(kept, email=address_of(work, scope, account))


@needs(Permission.DIRECT_CASES)
def reach_to_change(work: UnitOfWork, scope: Scope, worker: Worker) -> Reach:
    """What was said of where notices go, for whoever may say it anew."""
    _check(work, scope, worker)
    return _reach(work, scope, worker.account)


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


def _check(work: UnitOfWork, scope: Scope, worker: Worker) -> None:
    """Nobody says anything of a neighbour's staff, nor of those who are the whole organisation's."""
    everywhere = not worker.facility
    here = scope if everywhere else scope.within(worker.facility)
    able = {c.account for c in colleagues(work, here, Permission.HANDLE_CASES)}
    before = work.session.get(CaseWorker, (scope.organisation, worker.account))
    covered = [worker.facility, *([] if before is None else [before.facility])]
    if worker.account not in able or not all(_covers(scope, place) for place in covered):
        raise NotFound(_("There is nobody of this number who handles cases there."))
    if worker.absence.deputy is not None and worker.absence.deputy not in able:
        raise BadInput("deputy", _("This person does not handle cases of this facility."))


def _covers(scope: Scope, facility: str) -> bool:
    """An empty facility means all of them."""
    return scope.covers(scope.organisation, facility) if facility else scope.facilities is None


def _described(work: UnitOfWork, scope: Scope) -> dict[int, Worker]:
    wanted = select(CaseWorker).where(CaseWorker.organisation == scope.organisation)
    judged = employees_of(work, scope)
    return {row.account: _view(row, judged.get(row.account)) for row in work.session.exec(wanted)}


def _reach(work: UnitOfWork, scope: Scope, account: int) -> Reach:
    row = work.session.get(CaseWorker, (scope.organisation, account))
    return Reach() if row is None else Reach(**json.loads(work.vault.open(row.sealed)))


def _view(row: CaseWorker, employee: str | None) -> Worker:
    return Worker(
        row.account,
        row.facility,
        row.name,
        frozenset(row.languages.split()),
        frozenset(row.topics.split()),
        employee,
        row.rank,
        row.on_duty,
        row.takes_cases,
        Absence(row.away_from, row.away_until, row.deputy),
    )
