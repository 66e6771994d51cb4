"""Pure: the explicit return; goes into the ledger."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.interpreter.labels import State


@dataclass(frozen=True)
class OptedIn(Event):
    """The explicit return; goes into the ledger."""

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(
            session,
            state=State.NO_SESSION if session.state is State.OPTED_OUT else session.state,
            contact=replace(session.contact, stopped=False),
        )
