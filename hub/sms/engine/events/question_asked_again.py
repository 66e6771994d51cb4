"""Pure: not understood: the same question goes out once more."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class QuestionAskedAgain(Event):
    """Not understood: the same question goes out once more."""

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, asked_again=session.asked_again + 1, proposed=None)
