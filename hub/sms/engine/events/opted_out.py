"""Pure: everything stops; goes into the ledger."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.interpreter.labels import State


@dataclass(frozen=True)
class OptedOut(Event):
    """Everything stops; goes into the ledger."""

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(
            session,
            state=State.OPTED_OUT,
            proposed=None,
            contact=replace(session.contact, stopped=True),
        )
