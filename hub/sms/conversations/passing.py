"""What time asks of open conversations: the one reminder, and the end.

A question that has not gone out yet is not waited for: time counts from when a gateway took it.
"""

import structlog
from sqlmodel import col, select

from hub.core.clock import as_datetime
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.sms.conversations.outcomes import carry_out
from hub.sms.conversations.speaking import Purpose
from hub.sms.conversations.tables import SmsConversation, SmsMessage
from hub.sms.conversations.threads import HOUR_MS, Kind, end, next_due, put_back, session_of
from hub.sms.engine.conversation import time_passed
from hub.sms.engine.deadlines import Due
from hub.sms.engine.steps import QUESTIONS
from hub.sms.gateways.progress import State as Sent
from hub.sms.interpreter.labels import State
from hub.sms.people import respondents

log = structlog.get_logger()

TOGETHER = 50
LOOK_AGAIN_MS = HOUR_MS
_ON_ITS_WAY = {Sent.WAITING, Sent.SENDING, Sent.UNKNOWN}


class PassingTime:
    """Looks after conversations in which nobody answers."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    def step(self) -> bool:
        """Look at those that are due; False when no more are."""
        with self._workplace.read() as work:
            due = _due(work)
        for which in due:
            try:
                with self._workplace.begin() as work:
                    _look_at(work, which)
            except Exception:
                log.exception("conversation_failed")
                with self._workplace.begin() as work:  # so that it holds no other up
                    row = work.session.get_one(SmsConversation, which)
                    row.due_ms = work.now_ms + LOOK_AGAIN_MS
        return len(due) == TOGETHER


def _due(work: UnitOfWork) -> list[int]:
    wanted = select(SmsConversation.id).where(col(SmsConversation.due_ms) <= work.now_ms)
    rows = work.session.exec(wanted.order_by(col(SmsConversation.due_ms)).limit(TOGETHER))
    return [which for which in rows if which is not None]


def _look_at(work: UnitOfWork, which: int) -> None:
    row = work.session.get_one(SmsConversation, which)
    respondents.locked(work, row.organisation, row.recipient)
    work.session.refresh(row, with_for_update=True)
    if row.due_ms is None or row.due_ms > work.now_ms:
        return  # answered, or seen to by another process
    if row.kind == Kind.APPOINTMENT:
        row.state = State.NO_SESSION
        end(work, row)
    elif row.recipient and _unsent(work, row):
        row.due_ms = work.now_ms + LOOK_AGAIN_MS
    elif not row.recipient or work.now_ms >= row.asked_ms + row.expiry_ms:  # erased, or over
        turn = time_passed(session_of(work, row), Due.EXPIRY, as_datetime(work.now_ms))
        put_back(work, row, turn.session, asked=False)
        carry_out(work, row, turn)
    else:
        _remind(work, row)
    work.session.add(row)


def _remind(work: UnitOfWork, row: SmsConversation) -> None:
    """The question once more, which does not make the conversation last longer."""
    turn = time_passed(session_of(work, row), Due.REMINDER, as_datetime(work.now_ms))
    row.reminded = True
    row.due_ms = next_due(row)
    carry_out(work, row, turn, why=Purpose.REMINDER)


def _unsent(work: UnitOfWork, row: SmsConversation) -> bool:
    """Whether the last question is still on its way to the gateway."""
    asked = {*QUESTIONS.values()} | {"invite", "ask_score", "ask_reason", "ask_call"}
    wanted = select(SmsMessage.state).where(
        col(SmsMessage.conversation) == row.id,
        col(SmsMessage.inbound).is_(False),
        col(SmsMessage.meaning).in_(sorted(asked)),
    )
    last = work.session.exec(wanted.order_by(col(SmsMessage.id).desc()).limit(1)).first()
    return last in _ON_ITS_WAY
