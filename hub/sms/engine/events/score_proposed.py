"""Pure: probably this score: it is stored only after a yes."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class ScoreProposed(Event):
    """Probably this score: it is stored only after a yes."""

    score: int

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, proposed=self.score)
