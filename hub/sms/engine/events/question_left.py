"""Pure: a question that was answered in words or left unanswered; the next one follows."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.interpreter.labels import State


@dataclass(frozen=True)
class QuestionLeft(Event):
    """Without a score the conversation ends; after the reason a call is offered."""

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        asks_call = session.state is State.AWAIT_REASON
        following = State.AWAIT_CALL_CONSENT if asks_call else State.COMPLETED
        return replace(session, state=following, asked_again=0, proposed=None)
