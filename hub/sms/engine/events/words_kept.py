"""Pure: words beyond courtesy, kept with the answer."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class WordsKept(Event):
    """Words beyond courtesy, kept with the answer."""

    text: str

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, words=(*session.words, self.text))
