"""Pure: something for the contact centre."""

from dataclasses import dataclass

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class RequestRouted(Event):
    """Something for the contact centre."""

    text: str

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return session
