"""Pure: an answer after the end, or a second one: kept, never counted."""

from dataclasses import dataclass

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class LateAnswerKept(Event):
    """An answer after the end, or a second one: kept, never counted."""

    text: str

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return session
