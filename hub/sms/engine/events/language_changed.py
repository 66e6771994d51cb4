"""Pure: the patient writes in another language; the conversation goes on in it."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class LanguageChanged(Event):
    """The patient writes in another language; the conversation goes on in it."""

    language: str

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, language=self.language)
