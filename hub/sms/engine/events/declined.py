"""Pure: the patient will not answer: that was the one participation."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.interpreter.labels import State


@dataclass(frozen=True)
class Declined(Event):
    """The patient will not answer: that was the one participation."""

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, state=State.DECLINED, proposed=None)
