"""Pure: the patient will answer: the score is asked next."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.interpreter.labels import State


@dataclass(frozen=True)
class Accepted(Event):
    """The patient will answer: the score is asked next."""

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, state=State.AWAIT_SCORE, asked_again=0, proposed=None)
