"""Messages to patients: in their language and the clinic's words, put for the gateways in the same transaction.

Decides which purpose a message has, by which it is asked at the moment of sending whether it may go out.
"""

from enum import StrEnum

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity
from hub.sms.campaigns.wording import Place, filled, words_of
from hub.sms.conversations.tables import SmsConversation, SmsMessage
from hub.sms.engine.templates import Template
from hub.sms.gateways import service as gateways
from hub.sms.gateways.progress import State
from hub.sms.gateways.service import Draft
from hub.sms.parts import parts_of


class Purpose(StrEnum):
    """Why a message goes out."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    ANSWER = "answer"
    EMERGENCY = "emergency"
    STOPPED = "stopped"
    """The one confirmation of an opt-out."""
    PERSON = "person"
    """Written by one of the staff."""


_PURPOSES = {
    Template.EMERGENCY: Purpose.EMERGENCY,
    Template.STOPPED: Purpose.STOPPED,
}


def say(
    work: UnitOfWork,
    row: SmsConversation,
    template: Template,
    number: int | None = None,
    purpose: Purpose | None = None,
) -> None:
    """Have one of the conversation's messages sent."""
    scope = Scope(row.organisation, frozenset({row.facility}))
    place = Place(row.facility, row.campaign)
    (facility,) = identity.facilities(work, scope)
    text = filled(
        words_of(work, scope, place, row.language, template),
        number=number,
        emergency=row.emergency,
        facility=facility.name,
    )
    write(work, row, text, purpose or _PURPOSES.get(template, Purpose.ANSWER), template)


def write(work: UnitOfWork, row: SmsConversation, text: str, why: Purpose, called: str) -> None:
    """Have these words sent. Reminders are a subject of their own, so that an answer makes them needless."""
    scope = Scope(row.organisation, frozenset({row.facility}))
    telephone = work.vault.open(row.sealed).decode()
    urgent = why is Purpose.EMERGENCY
    draft = Draft(telephone, text, why, subject_of(row, why), via=row.via, urgent=urgent)
    outgoing = gateways.put(work, scope, row.facility, draft)
    work.session.add(
        SmsMessage(
            organisation=row.organisation,
            facility=row.facility,
            conversation=number_of(row),
            recipient=row.recipient,
            inbound=False,
            sealed=work.vault.seal(text.encode()),
            meaning=called,
            at_ms=work.now_ms,
            outgoing=outgoing,
            state=State.WAITING,
            state_ms=work.now_ms,
            parts=parts_of(text).parts,
        )
    )
    work.session.flush()


def take_back_reminder(work: UnitOfWork, row: SmsConversation) -> None:
    """The patient has written: a reminder that still waits is needless, and must not hold the answer up."""
    scope = Scope(row.organisation, frozenset({row.facility}))
    gateways.withdraw(work, scope, subject_of(row, Purpose.REMINDER), "answered")


def number_of(row: SmsConversation) -> int:
    """Of a stored conversation."""
    if row.id is None:
        raise ValueError("the conversation is not stored yet")
    return row.id


def subject_of(row: SmsConversation, why: Purpose) -> str:
    """What the gateways know a message's conversation by."""
    return f"{'reminder' if why is Purpose.REMINDER else 'conversation'}:{row.id}"


def conversation_of(subject: str) -> int | None:
    """The conversation of a message; None for messages that are not ours."""
    kind, _colon, number = subject.partition(":")
    return int(number) if kind in {"reminder", "conversation"} and number.isdecimal() else None
