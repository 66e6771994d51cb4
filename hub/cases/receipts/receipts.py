"""What a patient is told against their code: received, being looked into, what was done. Nothing personal.

Decides how often somebody may ask. Only comments meant for the patient are told, and names in them are hidden.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sqlmodel import col, delete, func, select

from contract.receipts import read_code, receipt_code
from hub.cases.casework import cases, person, story
from hub.cases.casework.opening import receipt_mark
from hub.cases.casework.statuses import Status
from hub.cases.receipts.tables import ReceiptAttempt
from hub.cases.tables import PatientCase
from hub.cases.topics.known_names import KnownNames
from hub.cases.topics.masking import Masker
from hub.cases.topics.names import listed_names
from hub.core.errors import Conflict, Forbidden, NotFound, TooManyAttempts
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity
from hub.sms.gateways import service as sms

WINDOW_MS = 10 * 60_000
FROM_ONE_PLACE = 20
"""Wrong codes within the window."""
FROM_EVERYWHERE = 500
PURPOSE = "case-receipt"
_EVERYWHERE = "everywhere"

_HERE_IT_IS = {
    "en": "Your complaint: %(url)s Code %(code)s",
    "es": "Su queja: %(url)s Codigo %(code)s",
    "ca": "La seva queixa: %(url)s Codi %(code)s",
    "ru": "Ваша жалоба: %(url)s Код %(code)s",
}


class Stage(StrEnum):
    """As a patient understands it."""

    RECEIVED = "received"
    LOOKED_INTO = "looked_into"
    ACTED = "acted"
    FINISHED = "finished"


_STAGES = {
    Status.NEW: Stage.RECEIVED,
    Status.CONTACTING: Stage.RECEIVED,
    Status.QUALIFIED: Stage.LOOKED_INTO,
    Status.INVESTIGATING: Stage.LOOKED_INTO,
    Status.UNREACHABLE: Stage.LOOKED_INTO,
    Status.NO_CONSENT: Stage.LOOKED_INTO,
    Status.ACTION_TAKEN: Stage.ACTED,
    Status.CLIENT_INFORMED: Stage.ACTED,
    Status.CLOSED: Stage.FINISHED,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the clinic tells the patient."""

    at_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """`time_zone` is the facility's."""

    code: str
    clinic: str
    time_zone: str
    stage: Stage
    opened_ms: int
    changed_ms: int
    said: tuple[Said, ...]


def note_attempt(work: UnitOfWork, place: str) -> None:
    """Count somebody who asks, by where from; TooManyAttempts for whoever guesses."""
    began = work.now_ms - WINDOW_MS
    work.session.exec(delete(ReceiptAttempt).where(col(ReceiptAttempt.at_ms) <= began))
    for subject, allowed in (
        (work.vault.fingerprint(place), FROM_ONE_PLACE),
        (_EVERYWHERE, FROM_EVERYWHERE),
    ):
        counted = select(func.count()).where(col(ReceiptAttempt.subject) == subject)
        if work.session.exec(counted).one() >= allowed:
            raise TooManyAttempts(
                _("Too many codes were tried. Wait ten minutes and try again."), WINDOW_MS // 1000
            )
        work.session.add(ReceiptAttempt(subject=subject, at_ms=work.now_ms))
    work.session.flush()


def forgive_attempt(work: UnitOfWork, place: str) -> None:
    """The code was right: whoever has one may look as often as they like."""
    for subject in (work.vault.fingerprint(place), _EVERYWHERE):
        newest = select(func.max(ReceiptAttempt.id)).where(col(ReceiptAttempt.subject) == subject)
        number = work.session.exec(newest).one()
        work.session.exec(delete(ReceiptAttempt).where(col(ReceiptAttempt.id) == number))


def receipt(work: UnitOfWork, typed: str) -> ReceiptView:
    """For whoever has the code; NotFound for any other."""
    code = read_code(typed)
    mark = "" if code is None else receipt_mark(work.vault, code)
    row = work.session.exec(select(PatientCase).where(col(PatientCase.receipt) == mark)).first()
    if code is None or row is None:
        raise NotFound(_("There is no complaint with this code. Please check it."))
    scope = Scope(row.organisation, frozenset({row.facility}))
    told = _told(work, scope, row)
    facility = next(f for f in identity.facilities(work, scope) if f.id == row.facility)
    return ReceiptView(
        code,
        facility.name,
        facility.time_zone,
        _stage(work, scope, row),
        row.opened_ms,
        row.changed_ms,
        told,
    )


@needs(Permission.HANDLE_CASES)
def code_of(work: UnitOfWork, scope: Scope, case_id: int) -> str:
    """To be told to the patient; never to whoever is complained about."""
    row = cases.found(work, scope, case_id)
    if person.hidden_from(work, scope, row):
        raise Forbidden(_("This complaint concerns you. Who made it is not shown to you."))
    return receipt_code(row.visit)


@needs(Permission.HANDLE_CASES)
def send_code(work: UnitOfWork, scope: Scope, case_id: int, address: str) -> None:
    """By SMS, in the patient's language; Conflict where there is no number."""
    row = cases.found(work, scope, case_id, lock=True)
    code = code_of(work, scope, case_id)
    phone = person.opened(work.vault, row.sealed).phone
    if not phone or row.status == Status.NO_CONSENT:
        raise Conflict(_("There is no telephone number that an SMS may be sent to."), field="phone")
    words = _HERE_IT_IS.get(row.language or "", _HERE_IT_IS["en"])
    text = words % {"url": f"{address.rstrip('/')}/receipt", "code": code}
    sms.put(work, scope, row.facility, sms.Draft(phone, text, PURPOSE, f"case/{row.id}/receipt"))
    story.tell(work, scope, row, "receipt_sent")


def _stage(work: UnitOfWork, scope: Scope, row: PatientCase) -> Stage:
    """Of a duplicate: that of the case which stays."""
    if row.status == Status.DUPLICATE and row.merged_into is not None:
        return _stage(work, scope, cases.found(work, Scope(scope.organisation), row.merged_into))
    return _STAGES.get(Status(row.status), Stage.RECEIVED)


def _told(work: UnitOfWork, scope: Scope, row: PatientCase) -> tuple[Said, ...]:
    numbers = [row.id or 0, *([row.merged_into] if row.merged_into else [])]
    chapters = [c for number in numbers for c in story.chapters(work, scope, number)]
    edited = {c.detail["comment"]: c.words for c in chapters if c.kind == "comment_edited"}
    employees = [employee.name for employee in identity.employees(work, scope)]
    masker = Masker(_names(), employees)
    return tuple(
        Said(c.at_ms, masker.mask(edited.get(c.id, c.words)))
        for c in chapters
        if c.kind == "comment" and c.detail.get("audience") == "client"
    )


@cache
def _names() -> KnownNames:
    return listed_names()
