"""Pure: the patient wants to be called."""

from dataclasses import dataclass

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class CallRequested(Event):
    """The patient wants to be called."""

    text: str

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return session
