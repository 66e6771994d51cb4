"""Pure: words after the end, for the patient's open case."""

from dataclasses import dataclass

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class WordsAddedToCase(Event):
    """Words after the end, for the patient's open case."""

    text: str

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return session
