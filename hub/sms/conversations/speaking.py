"""Messages to patients: in their language and the clinic's words, put for the gateways in the same transaction.

Decides which purpose a message has, by which it is asked at the moment of sending whether it may go out.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import Table, insert

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

written: Table = SmsMessage.__table__  # type: ignore[attr-defined]

_NEW = insert(written).returning(written.c.id)


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
    TRIAL = "trial"
    """Sent by one of the staff to a telephone of theirs, to see whether a gateway works."""


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
    words = words_of(work, scope, place, row.language, template)
    told = {"facility": _name_of(work, scope)} if "{facility}" in words else {}
    text = filled(words, number=number, emergency=row.emergency, **told)
    write(work, row, text, purpose or _PURPOSES.get(template, Purpose.ANSWER), template)


def write(work: UnitOfWork, row: SmsConversation, text: str, why: Purpose, called: str) -> None:
    """Have these words sent. Reminders are a subject of their own, so that an answer makes them needless."""
    scope = Scope(row.organisation, frozenset({row.facility}))
    telephone = work.vault.open(row.sealed).decode()
    urgent = why is Purpose.EMERGENCY
    draft = Draft(telephone, text, why, subject_of(row, why), via=row.via, urgent=urgent)
    outgoing = gateways.put(work, scope, row.facility, draft)
    sent = {"outgoing": outgoing, "state": State.WAITING, "parts": parts_of(text).parts}
    keep(work, row, text, called, inbound=False, **sent)


def keep(
    work: UnitOfWork, row: SmsConversation, text: str, meaning: str, *, inbound: bool, **told: Any
) -> int:
    """Store what was written, either way; the message's number."""
    values = {
        "organisation": row.organisation,
        "facility": row.facility,
        "conversation": number_of(row),
        "recipient": row.recipient,
        "inbound": inbound,
        "sealed": work.vault.seal(text.encode()),
        "meaning": meaning,
        "late": False,
        "at_ms": work.now_ms,
        "state": "",
        "state_ms": 0 if inbound else work.now_ms,
        "parts": 0,
    }
    return int(work.connection.execute(_NEW, values | told).scalar_one())


def _name_of(work: UnitOfWork, scope: Scope) -> str:
    (facility,) = identity.facilities(work, scope)
    return facility.name


def take_back_reminder(work: UnitOfWork, row: SmsConversation) -> None:
    """The patient has written: a reminder that still waits is needless, and must not hold the answer up."""
    if not row.reminded:
        return
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


def subjects_of(conversation: int) -> frozenset[str]:
    """What messages of a conversation may be about."""
    return frozenset({f"conversation:{conversation}", f"reminder:{conversation}"})


def conversation_of(subject: str) -> int | None:
    """The conversation of a message; None for messages that are not ours."""
    kind, _colon, number = subject.partition(":")
    return int(number) if kind in {"reminder", "conversation"} and number.isdecimal() else None
