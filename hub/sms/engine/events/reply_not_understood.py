"""Pure: not understood again: nothing more is sent, and a later answer still counts."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session


@dataclass(frozen=True)
class ReplyNotUnderstood(Event):
    """Not understood again: nothing more is sent, and a later answer still counts."""

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, proposed=None)
