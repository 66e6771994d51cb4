"""Pure: the appointment is kept or cancelled."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.interpreter.labels import State


@dataclass(frozen=True)
class AppointmentAnswered(Event):
    """The appointment is kept or cancelled."""

    kept: bool

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, state=State.NO_SESSION, asked_again=0)
