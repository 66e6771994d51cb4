"""Conversations as they may be read: by whoever may see a facility's answers; the telephone is masked.

Reading the words is audited. Whoever was asked about in a conversation neither reads it nor answers in it, and does not
see whose it is.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import col, func, select

from hub.core.errors import Forbidden, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.rules import masked_phone
from hub.identity.colleagues import employee_of, is_oneself
from hub.sms.conversations.speaking import Purpose, write
from hub.sms.conversations.tables import SmsConversation, SmsMessage
from hub.sms.conversations.threads import Kind


class Show(StrEnum):
    """Which conversations."""

    ALL = "all"
    OPEN = "open"
    SCORED = "scored"
    """Demonstrations are not among them."""
    PAUSED = "paused"
    UNHAPPY = "unhappy"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, without its words."""

    id: int
    organisation: str
    facility: str
    kind: Kind
    campaign: str
    participation: int | None
    employee: str
    telephone: str
    """Masked; empty for whoever was asked about."""
    language: str
    state: str
    score: int | None
    may_call: bool | None
    paused: bool
    opened_ms: int
    ended_ms: int | None
    heard_ms: int
    """When the patient wrote last; 0: never."""


@dataclass(frozen=True, slots=True)
class Message:
    """What was written, either way; `state` is how far ours got."""

    id: int
    inbound: bool
    text: str
    meaning: str
    late: bool
    at_ms: int
    state: str
    parts: int


@needs(Permission.SEE_ANSWERS)
def listed(
    work: UnitOfWork,
    scope: Scope,
    *,
    campaign: str | None = None,
    show: Show = Show.ALL,
    before: int | None = None,
    limit: int = 50,
) -> list[Conversation]:
    """The newest first; strangers' too when no campaign is asked for."""
    c = SmsConversation
    wanted = select(c).where(scope.rows(c))
    if campaign is not None:
        wanted = wanted.where(col(c.campaign) == campaign)
    if before is not None:
        wanted = wanted.where(col(c.id) < before)
    if show is Show.OPEN:
        wanted = wanted.where(col(c.ended_ms).is_(None), col(c.kind) != Kind.UNASKED)
    elif show is Show.SCORED:
        wanted = wanted.where(col(c.score).is_not(None), col(c.participation).is_not(None))
    elif show is Show.PAUSED:
        wanted = wanted.where(col(c.paused))
    elif show is Show.UNHAPPY:
        wanted = wanted.where(col(c.score) <= 6)  # detractors
    elif show is Show.LATE:
        late = select(SmsMessage.conversation).where(scope.rows(SmsMessage), col(SmsMessage.late))
        wanted = wanted.where(col(c.id).in_(late))
    rows = work.session.exec(wanted.order_by(col(c.id).desc()).limit(limit)).all()
    heard = _heard(work, [row.id or 0 for row in rows])
    oneself = employee_of(work, scope)
    return [_view(work, row, heard.get(row.id or 0, 0), oneself) for row in rows]


@needs(Permission.SEE_ANSWERS)
def count_late(
    work: UnitOfWork, scope: Scope, since_ms: int, until_ms: int, campaign: str | None = None
) -> int:
    """How many messages of that time came too late or twice; they are in no figure."""
    wanted = (
        select(func.count())
        .select_from(SmsMessage)
        .where(
            scope.rows(SmsMessage),
            col(SmsMessage.late),
            col(SmsMessage.at_ms) >= since_ms,
            col(SmsMessage.at_ms) < until_ms,
        )
    )
    if campaign is not None:
        talks = select(SmsConversation.id).where(
            scope.rows(SmsConversation), col(SmsConversation.campaign) == campaign
        )
        wanted = wanted.where(col(SmsMessage.conversation).in_(talks))
    return work.session.exec(wanted).one()


def last_heard(work: UnitOfWork, scope: Scope, conversation: int) -> tuple[str, int] | None:
    """Its campaign and when the patient last wrote (0: never), if it is a conversation of the scope."""
    talk, said = SmsConversation, SmsMessage
    latest = (
        select(func.max(col(said.at_ms)))
        .where(col(said.conversation) == talk.id, col(said.inbound))
        .scalar_subquery()
    )
    wanted = select(talk.campaign, func.coalesce(latest, 0)).where(
        scope.rows(talk), col(talk.id) == conversation
    )
    row = work.connection.execute(wanted).first()
    return None if row is None else (row[0], row[1])


@needs(Permission.SEE_ANSWERS)
def get(work: UnitOfWork, scope: Scope, conversation: int) -> Conversation:
    """The conversation, or NotFound."""
    row = _needed(work, scope, conversation)
    heard_ms = _heard(work, [conversation]).get(conversation, 0)
    return _view(work, row, heard_ms, employee_of(work, scope))


@needs(Permission.SEE_TELEPHONES)
def messages(work: UnitOfWork, scope: Scope, conversation: int) -> list[Message]:
    """All of a conversation, the oldest first; a unit of work that may write, because reading is audited.

    Forbidden for whoever was asked about.
    """
    talk = _of_somebody_else(work, scope, conversation)
    subject = f"conversation/{conversation}"
    work.audit.record(scope, "conversation.read", subject, facility=talk.facility)
    wanted = select(SmsMessage).where(
        scope.rows(SmsMessage), col(SmsMessage.conversation) == conversation
    )
    return [
        Message(
            row.id or 0,
            row.inbound,
            work.vault.open(row.sealed).decode(),
            row.meaning,
            row.late,
            row.at_ms,
            row.state,
            row.parts,
        )
        for row in work.session.exec(wanted.order_by(col(SmsMessage.id)))
    ]


@needs(Permission.HANDLE_CASES)
def hand_back(work: UnitOfWork, scope: Scope, conversation: int) -> Conversation:
    """The person who took over has done; the survey goes on where it was."""
    row = _of_somebody_else(work, scope, conversation)
    row.paused = False
    work.session.add(row)
    work.session.flush()
    return get(work, scope, conversation)


@needs(Permission.HANDLE_CASES)
def write_to(work: UnitOfWork, scope: Scope, conversation: int, text: str) -> None:
    """One of the staff answers; the conversation says nothing by itself until it is handed back."""
    row = _of_somebody_else(work, scope, conversation)
    row.paused = True
    work.session.add(row)
    write(work, row, text, Purpose.PERSON, Purpose.PERSON)


def _of_somebody_else(work: UnitOfWork, scope: Scope, conversation: int) -> SmsConversation:
    row = _needed(work, scope, conversation)
    if is_oneself(work, scope, row.employee):
        raise Forbidden(_("This conversation is about you. What the patient says is for others."))
    return row


def _needed(work: UnitOfWork, scope: Scope, conversation: int) -> SmsConversation:
    row = _row(work, scope, conversation)
    if row is None:
        raise NotFound(_("There is no such conversation."))
    return row


def _row(work: UnitOfWork, scope: Scope, conversation: int) -> SmsConversation | None:
    wanted = select(SmsConversation).where(
        scope.rows(SmsConversation), col(SmsConversation.id) == conversation
    )
    return work.session.exec(wanted).first()


def _heard(work: UnitOfWork, conversations: list[int]) -> dict[int, int]:
    last = (
        select(SmsMessage.conversation, func.max(SmsMessage.at_ms))
        .where(col(SmsMessage.conversation).in_(conversations), col(SmsMessage.inbound))
        .group_by(col(SmsMessage.conversation))
    )
    return dict(work.session.exec(last).all())


def _view(
    work: UnitOfWork, row: SmsConversation, heard_ms: int, oneself: str | None
) -> Conversation:
    names = (
        "organisation", "facility", "campaign", "participation", "employee", "language", "state", "score",
        "may_call", "paused", "opened_ms", "ended_ms",
    )  # fmt: skip
    told: dict[str, Any] = {name: getattr(row, name) for name in names}
    hidden = oneself is not None and row.employee == oneself
    telephone = "" if hidden else masked_phone(work.vault.open(row.sealed).decode())
    return Conversation(
        id=row.id or 0, kind=Kind(row.kind), telephone=telephone, heard_ms=heard_ms, **told
    )


def telephone_of(work: UnitOfWork, scope: Scope, conversation: int) -> str:
    """The number itself, for whoever must call; that it was read is the caller's to audit."""
    return work.vault.open(_needed(work, scope, conversation).sealed).decode()
