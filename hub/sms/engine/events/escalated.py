"""Pure: a person must look at it at once; the conversation pauses."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class Escalated(Event):
    """A person must look at it at once; the conversation pauses."""

    urgent: bool

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, paused=True)
