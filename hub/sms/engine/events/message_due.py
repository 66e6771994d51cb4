"""Pure: an automatic message that is to be sent."""

from dataclasses import dataclass, replace
from datetime import datetime

from hub.sms.engine.brake import recent
from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.engine.templates import Template


@dataclass(frozen=True)
class MessageDue(Event):
    """Which message, when it was decided, and the number it names."""

    template: Template
    at: datetime
    number: int | None = None

    def apply(self, session: Session) -> Session:
        """The session afterwards: the brake counts the message from now on."""
        sent = (*recent(session.contact.sent, self.at), self.at)
        return replace(session, contact=replace(session.contact, sent=sent))
