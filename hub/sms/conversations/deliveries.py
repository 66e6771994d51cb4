"""How far messages to patients got, as the gateways tell it: noted with the message and with the participation.

Locks nothing: the gateways hold their message while they tell this, and a patient's reply may come meanwhile.
"""

from sqlalchemy import Table, bindparam, select, update

from hub.core.unit_of_work import UnitOfWork
from hub.sms.campaigns import participations
from hub.sms.campaigns.participations import Step
from hub.sms.conversations.outcomes import told_of
from hub.sms.conversations.speaking import Purpose, conversation_of, written
from hub.sms.conversations.tables import SmsConversation
from hub.sms.conversations.threads import next_due
from hub.sms.engine.deadlines import OPEN
from hub.sms.events import ConversationMoved, MessageUnresolved
from hub.sms.gateways.events import SmsStateChanged, SmsUnresolved
from hub.sms.gateways.progress import State

talk: Table = SmsConversation.__table__  # type: ignore[attr-defined]
_TAKEN = {State.ACCEPTED, State.SUBMITTED, State.DELIVERED}
_MEANT = (
    select(
        written.c.id,
        written.c.conversation,
        written.c.state.label("sent"),
        *(talk.c[name] for name in ("organisation", "facility", "campaign", "participation")),
    )
    .join_from(written, talk, talk.c.id == written.c.conversation)
    .where(written.c.outgoing == bindparam("message"))
)
_NOTED = (
    update(written)
    .where(written.c.id == bindparam("this"))
    .values(state=bindparam("reached"), state_ms=bindparam("reached_ms"))
)


def got_further(work: UnitOfWork, event: SmsStateChanged) -> None:
    """Note it; a message that is not of a conversation is somebody else's."""
    row = work.connection.execute(_MEANT, {"message": event.message}).first()
    if row is None:
        return
    noted = {"this": row.id, "reached": event.state, "reached_ms": event.at_ms}
    work.connection.execute(_NOTED, noted)
    first = event.state in _TAKEN and row.sent not in _TAKEN
    if first and event.purpose != Purpose.REMINDER:
        _count_from(work, row.conversation, event.at_ms)
    if event.purpose == Purpose.INVITATION and row.participation is not None:
        if event.state in _TAKEN:
            participations.reach(work, row.participation, Step.SENT, event.at_ms)
        if event.state == State.DELIVERED:
            participations.reach(work, row.participation, Step.DELIVERED, event.at_ms)
    work.tell(ConversationMoved(row.organisation, row.facility, row.conversation, row.campaign))


def unresolved(work: UnitOfWork, event: SmsUnresolved) -> None:
    """Tell it of the conversation whose message it is."""
    number = conversation_of(event.subject)
    row = None if number is None else work.session.get(SmsConversation, number)
    if row is not None and row.organisation == event.organisation:
        work.tell(MessageUnresolved(told_of(work, row)))


def _count_from(work: UnitOfWork, conversation: int, at_ms: int) -> None:
    """The time to answer begins when the question has gone out."""
    row = work.session.get_one(SmsConversation, conversation)
    if row.state not in OPEN or at_ms <= row.asked_ms:
        return
    due = next_due(row) - row.asked_ms + at_ms
    work.connection.execute(
        update(talk)
        .where(talk.c.id == row.id, talk.c.ended_ms.is_(None), talk.c.asked_ms < at_ms)
        .values(asked_ms=at_ms, due_ms=due)
    )
