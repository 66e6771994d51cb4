"""Cases, for whoever answers a patient's request: the complaint and what was done about it stay, the person goes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import col, select

from hub.cases.casework import words
from hub.cases.casework.person import Person, mark_of, opened, sealed
from hub.cases.correspondence.tables import ClientMail
from hub.cases.tables import CaseEvent, PatientCase
from hub.core.privacy.holders import Kept
from hub.core.scope import Scope
from hub.core.texts import N_
from hub.core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CaseHolder:
    """See `core.privacy.holders.Holder`. A case counts as old from when it was closed; an open one is not."""

    kind: str = "cases"
    title: str = N_("Cases")
    days_kept: int = 730

    def find(self, work: UnitOfWork, scope: Scope, telephone: str) -> list[Kept]:
        return [_told(work, case) for case in _of(work, scope, telephone)]

    def erase(self, work: UnitOfWork, scope: Scope, telephone: str) -> int:
        return _let_go(work, scope, _of(work, scope, telephone))

    def expire(self, work: UnitOfWork, scope: Scope, before_ms: int, most: int) -> int:
        old = (
            col(PatientCase.person).is_not(None),
            col(PatientCase.closed_ms) < before_ms,
        )
        return _let_go(work, scope, _cases(work, scope, *old, most=most))


def _of(work: UnitOfWork, scope: Scope, telephone: str) -> Sequence[PatientCase]:
    mark = mark_of(work.vault, scope.organisation, telephone)
    return _cases(work, scope, col(PatientCase.person) == mark)


def _cases(
    work: UnitOfWork, scope: Scope, *which: ColumnElement[bool], most: int | None = None
) -> Sequence[PatientCase]:
    wanted = select(PatientCase).where(scope.rows(PatientCase), *which).limit(most)
    return work.session.exec(wanted.order_by(col(PatientCase.id))).all()


def _told(work: UnitOfWork, case: PatientCase) -> Kept:
    events = select(CaseEvent).where(col(CaseEvent.case_id) == case.id).order_by(col(CaseEvent.id))
    written = [
        {"at_ms": event.at_ms, "kind": event.kind, "text": work.vault.open(event.sealed).decode()}
        for event in work.session.exec(events)
        if event.sealed
    ]
    person = asdict(opened(work.vault, case.sealed))
    return {"at_ms": case.opened_ms, **person, "written": written}


def _let_go(work: UnitOfWork, scope: Scope, cases: Sequence[PatientCase]) -> int:
    nobody = sealed(work.vault, Person())
    for case in cases:
        case.person, case.sealed = None, nobody
        work.session.add(case)
        if case.id is not None:
            words.forget(work, scope, case.id)
        mine = col(CaseEvent.case_id) == case.id
        work.session.exec(update(CaseEvent).where(mine).values(sealed=None))
        work.session.exec(delete(ClientMail).where(col(ClientMail.case_id) == case.id))
    return len(cases)
