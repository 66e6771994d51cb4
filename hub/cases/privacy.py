"""Cases, for whoever answers a patient's request: the complaint and what was done about it stay, the person goes."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Table, delete, update
from sqlmodel import col, select

from hub.cases.casework import words
from hub.cases.casework.person import Person, mark_of, opened, sealed
from hub.cases.correspondence.tables import ClientMail
from hub.cases.tables import CaseAttachment, CaseEvent, PatientCase
from hub.core.objects import ObjectFolder
from hub.core.privacy.holders import Kept
from hub.core.scope import Scope
from hub.core.texts import N_
from hub.core.unit_of_work import UnitOfWork

attachment: Table = CaseAttachment.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class CaseHolder:
    """See `core.privacy.holders.Holder`. A case counts as old from when it was closed; an open one is not."""

    folder: ObjectFolder
    kind: str = "cases"
    title: str = N_("Cases")
    days_kept: int = 730

    def find(self, work: UnitOfWork, scope: Scope, telephone: str) -> list[Kept]:
        return [_told(work, case, self.folder) for case in _of(work, scope, telephone)]

    def erase(self, work: UnitOfWork, scope: Scope, telephone: str) -> int:
        return _let_go(work, scope, _of(work, scope, telephone), self.folder)

    def expire(self, work: UnitOfWork, scope: Scope, before_ms: int, most: int) -> int:
        old = (
            col(PatientCase.person).is_not(None),
            col(PatientCase.closed_ms) < before_ms,
        )
        return _let_go(work, scope, _cases(work, scope, *old, most=most), self.folder)


def _of(work: UnitOfWork, scope: Scope, telephone: str) -> Sequence[PatientCase]:
    mark = mark_of(work.vault, scope.organisation, telephone)
    return _cases(work, scope, col(PatientCase.person) == mark)


def _cases(
    work: UnitOfWork, scope: Scope, *which: ColumnElement[bool], most: int | None = None
) -> Sequence[PatientCase]:
    wanted = select(PatientCase).where(scope.rows(PatientCase), *which).limit(most)
    return work.session.exec(wanted.order_by(col(PatientCase.id))).all()


def _told(work: UnitOfWork, case: PatientCase, folder: ObjectFolder) -> Kept:
    events = select(CaseEvent).where(col(CaseEvent.case_id) == case.id).order_by(col(CaseEvent.id))
    written = [
        {"at_ms": event.at_ms, "kind": event.kind, "text": work.vault.open(event.sealed).decode()}
        for event in work.session.exec(events)
        if event.sealed
    ]
    person = asdict(opened(work.vault, case.sealed))
    files = [
        {
            "name": work.vault.open(row.sealed).decode(),
            "media_type": row.media_type,
            "content_base64": b64encode(work.vault.open(content)).decode() if content else None,
        }
        for row in _attached(work, case)
        for content in [folder.find(row.stored)]
    ]
    return {"at_ms": case.opened_ms, **person, "written": written, "files": files}


def _attached(work: UnitOfWork, case: PatientCase) -> Sequence[CaseAttachment]:
    mine = col(CaseAttachment.case_id) == case.id
    return work.session.exec(select(CaseAttachment).where(mine)).all()


def _let_go(
    work: UnitOfWork, scope: Scope, cases: Sequence[PatientCase], folder: ObjectFolder
) -> int:
    """The files first: whatever becomes of the transaction, nobody can see them any more."""
    nobody = sealed(work.vault, Person())
    for case in cases:
        case.person, case.sealed = None, nobody
        work.session.add(case)
        if case.id is not None:
            words.forget(work, scope, case.id)
        for file in _attached(work, case):
            folder.remove(file.stored)
            work.session.delete(file)
        mine = col(CaseEvent.case_id) == case.id
        work.session.exec(update(CaseEvent).where(mine).values(sealed=None))
        work.session.exec(delete(ClientMail).where(col(ClientMail.case_id) == case.id))
    return len(cases)
