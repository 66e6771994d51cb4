"""Which conversation a telephone is in, and how a stored one becomes a session of the engine and back.

Decides when something is asked of an open conversation by the time that passes.
"""

from enum import StrEnum

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from hub.core.clock import as_datetime
from hub.core.unit_of_work import UnitOfWork
from hub.sms.conversations.tables import SmsConversation, SmsMessage
from hub.sms.engine.brake import WINDOW
from hub.sms.engine.deadlines import OPEN
from hub.sms.engine.session import Contact, Session
from hub.sms.interpreter.labels import State
from hub.sms.people import opt_outs

HOUR_MS = 3_600_000
AFTERWARDS_MS = 30 * 24 * HOUR_MS
"""So long after its end a conversation takes what comes late."""
_WINDOW_MS = int(WINDOW.total_seconds() * 1000)


class Kind(StrEnum):
    """What a conversation is about."""

    SURVEY = "survey"
    DEMONSTRATION = "demonstration"
    APPOINTMENT = "appointment"
    """Somebody reminded of one, and an answer may come."""
    UNASKED = "unasked"
    """Nobody asked anything."""


def open_ones(work: UnitOfWork, organisation: str, recipient: str) -> list[SmsConversation]:
    """Those in which an answer is expected, the oldest first."""
    wanted = _of(organisation, recipient).where(
        col(SmsConversation.ended_ms).is_(None), col(SmsConversation.kind) != Kind.UNASKED
    )
    return list(work.session.exec(wanted.order_by(col(SmsConversation.id))))


def last_ended(work: UnitOfWork, organisation: str, recipient: str) -> SmsConversation | None:
    """What a message without a question belongs to: the last conversation, for some time after its end."""
    wanted = _of(organisation, recipient).where(
        col(SmsConversation.ended_ms) > work.now_ms - AFTERWARDS_MS,
        col(SmsConversation.kind) != Kind.APPOINTMENT,
    )
    latest = wanted.order_by(col(SmsConversation.id).desc()).limit(1)
    return work.session.exec(latest).first()


def unasked(work: UnitOfWork, organisation: str, recipient: str) -> SmsConversation | None:
    """The one that holds what a telephone writes unasked."""
    wanted = _of(organisation, recipient).where(col(SmsConversation.kind) == Kind.UNASKED)
    return work.session.exec(wanted.limit(1)).first()


def session_of(work: UnitOfWork, row: SmsConversation) -> Session:
    """As the engine knows it."""
    return Session(
        state=State(row.state),
        language=row.language,
        contact=contact_of(work, row.organisation, row.recipient),
        asked_again=row.asked_again,
        proposed=row.proposed,
        score=row.score,
        may_call=row.may_call,
        paused=row.paused,
    )


def contact_of(work: UnitOfWork, organisation: str, recipient: str) -> Contact:
    """What is known of the telephone over all its conversations."""
    sent = select(SmsMessage.at_ms).where(
        col(SmsMessage.organisation) == organisation,
        col(SmsMessage.recipient) == recipient,
        col(SmsMessage.at_ms) > work.now_ms - _WINDOW_MS,
        col(SmsMessage.inbound).is_(False),
    )
    return Contact(
        stopped=opt_outs.has_stopped(work, organisation, recipient),
        sent=tuple(as_datetime(at_ms) for at_ms in work.session.exec(sent)),
    )


def put_back(work: UnitOfWork, row: SmsConversation, after: Session, *, asked: bool) -> None:
    """Store what the engine made of it; `asked`: something was said, and time counts from now.

    How a conversation ended stays what it was, whatever is written after it.
    """
    if row.ended_ms is None or row.state == State.OPTED_OUT:
        row.state = after.state
    row.language = after.language
    row.asked_again = after.asked_again
    row.proposed = after.proposed
    row.score = after.score
    row.may_call = after.may_call
    row.paused = after.paused
    if asked:
        row.asked_ms = work.now_ms
    if row.ended_ms is None and after.state in OPEN:
        row.due_ms = next_due(row)
    elif row.kind != Kind.UNASKED and after.state is not State.REMINDER:
        end(work, row)
    work.session.add(row)


def end(work: UnitOfWork, row: SmsConversation) -> None:
    """No answer is expected any more."""
    row.due_ms = None
    if row.ended_ms is None:
        row.ended_ms = work.now_ms
    work.session.add(row)


def next_due(row: SmsConversation) -> int:
    """When time asks for the reminder, or the end."""
    waits = row.expiry_ms if row.reminded else min(row.reminder_ms, row.expiry_ms)
    return row.asked_ms + waits


def _of(organisation: str, recipient: str) -> SelectOfScalar[SmsConversation]:
    return select(SmsConversation).where(
        col(SmsConversation.organisation) == organisation,
        col(SmsConversation.recipient) == recipient,
    )
