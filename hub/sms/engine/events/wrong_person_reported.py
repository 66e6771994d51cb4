"""Pure: somebody else has the telephone: the conversation ends and nothing is held against the patient."""

from dataclasses import dataclass, replace

from hub.sms.engine.deadlines import OPEN
from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.interpreter.labels import State


@dataclass(frozen=True)
class WrongPersonReported(Event):
    """Somebody else has the telephone: the conversation ends and nothing is held against the patient."""

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(
            session,
            state=State.DECLINED if session.state in OPEN else session.state,
            proposed=None,
            score=None,
            words=(),
        )
