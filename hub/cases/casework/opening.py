"""Opening a case: within the transaction of what gives the reason, and once for each reason.

Decides what is stored of it and by which words it is found. By when it must be dealt with, and whether it is urgent by
its words, is decided by whoever hears that it was opened.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from sqlmodel import col, select

from contract.receipts import receipt_code
from hub.cases.casework import person, story, words
from hub.cases.casework.person import Person
from hub.cases.casework.statuses import Status
from hub.cases.events import CaseOpened
from hub.cases.tables import PatientCase
from hub.core.errors import BadInput
from hub.core.keys import Vault
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity


class Source(StrEnum):
    """What gave the reason."""

    TERMINAL = "terminal"
    SMS = "sms"
    QR = "qr"
    WEB = "web"
    URGENT = "urgent"
    BY_HAND = "by_hand"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is known at the beginning; `origin` names the message or deed, so that it opens one case only."""

    facility: str
    source: Source
    origin: str
    person: Person
    occurred_ms: int
    visit: str = ""
    touchpoint: str | None = None
    employee: str | None = None
    question: str | None = None
    value: str | None = None
    score: int | None = None
    answer: int | None = None
    language: str | None = None
    urgent: bool = False


def open_case(work: UnitOfWork, scope: Scope, complaint: Complaint) -> int:
    """The number of the case, new or opened before for the same reason."""
    known = _known(work, scope, complaint.origin)
    if known is not None:
        return known
    visit = complaint.visit or str(uuid4())
    told = complaint.person
    row = PatientCase(
        organisation=scope.organisation,
        facility=complaint.facility,
        source=complaint.source,
        origin=complaint.origin,
        status=Status.NEW,
        urgent=complaint.urgent,
        touchpoint=complaint.touchpoint,
        employee=complaint.employee,
        question=complaint.question,
        value=complaint.value,
        score=complaint.score,
        answer=complaint.answer,
        visit=visit,
        language=complaint.language,
        person=person.mark_of(work.vault, scope.organisation, told.phone),
        receipt=receipt_mark(work.vault, receipt_code(visit)),
        sealed=person.sealed(work.vault, told),
        opened_ms=work.now_ms,
        occurred_ms=complaint.occurred_ms,
        changed_ms=work.now_ms,
    )
    work.session.add(row)
    work.session.flush()
    words.note(work, row, [told.words, told.name, *_place_names(work, scope, row)], told.phone)
    story.tell(work, scope, row, "opened", source=complaint.source.value)
    work.tell(
        CaseOpened(
            row.organisation,
            row.facility,
            row.id or 0,
            complaint.urgent,
            bool(told.phone),
            bool(told.words),
        )
    )
    return row.id or 0


@needs(Permission.HANDLE_CASES)
def open_by_hand(work: UnitOfWork, scope: Scope, complaint: Complaint) -> int:
    """Somebody of the staff was told of it; BadInput for a facility that is not theirs."""
    if not scope.covers(scope.organisation, complaint.facility):
        raise BadInput("facility", _("There is no such facility."))
    return open_case(work, scope, complaint)


def receipt_mark(vault: Vault, code: str) -> str:
    """What a case is found by when its patient shows their code."""
    return vault.fingerprint(f"receipt\n{code}")


def _known(work: UnitOfWork, scope: Scope, origin: str) -> int | None:
    wanted = select(PatientCase.id).where(
        col(PatientCase.organisation) == scope.organisation, col(PatientCase.origin) == origin
    )
    return work.session.exec(wanted).first()


def _place_names(work: UnitOfWork, scope: Scope, case: PatientCase) -> list[str]:
    """Of the place and of whoever is complained about, so that both find the case."""
    inside = Scope(scope.organisation, frozenset({case.facility}))
    places = {p.id: p.name for p in identity.touchpoints(work, inside)} if case.touchpoint else {}
    people = {p.id: p.name for p in identity.employees(work, inside)} if case.employee else {}
    found = (places.get(case.touchpoint or ""), people.get(case.employee or ""))
    return [name for name in found if name]
