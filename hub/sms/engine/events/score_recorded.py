"""Pure: a score from 0 to 10, said clearly or confirmed."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.interpreter.labels import State


@dataclass(frozen=True)
class ScoreRecorded(Event):
    """A score; who is unhappy is asked why, for others the conversation ends."""

    score: int

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        scored = replace(session, score=self.score, proposed=None, asked_again=0)
        return replace(scored, state=State.AWAIT_REASON if scored.is_detractor else State.COMPLETED)
