"""Pure: what one message or one moment leads to, and which messages may really go out.

Decides that nothing goes to a telephone that has stopped, into a conversation that a person has taken over, or past
the brake; what is wanted but not allowed leaves no trace in the events.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hub.sms.engine.brake import may_send
from hub.sms.engine.events.event import Event
from hub.sms.engine.events.message_due import MessageDue
from hub.sms.engine.session import Session
from hub.sms.engine.templates import Template


@dataclass(frozen=True)
class Say:
    """A message that is wanted, and the number it names."""

    template: Template
    number: int | None = None


@dataclass(frozen=True)
class Turn:
    """The session afterwards, and what happened on the way there."""

    session: Session
    events: tuple[Event, ...] = ()

    @property
    def messages(self) -> tuple[MessageDue, ...]:
        """Those events that are messages to the patient."""
        return tuple(event for event in self.events if isinstance(event, MessageDue))


def turn(session: Session, steps: Iterable[Event | Say], at: datetime) -> Turn:
    """Applies the steps in their order."""
    happened: list[Event] = []
    for step in steps:
        if isinstance(step, Event):
            event = step
        elif _may_say(session, at):
            event = MessageDue(step.template, at, step.number)
        else:
            continue
        session = event.apply(session)
        happened.append(event)
    return Turn(session, tuple(happened))


def _may_say(session: Session, at: datetime) -> bool:
    contact = session.contact
    return not (contact.stopped or session.paused) and may_send(contact.sent, at)
