"""Pure: whether the patient may be called; the conversation ends."""

from dataclasses import dataclass, replace

from hub.sms.engine.events.event import Event
from hub.sms.engine.session import Session
from hub.sms.interpreter.labels import State


@dataclass(frozen=True)
class CallDecided(Event):
    """Whether the patient may be called; the conversation ends."""

    may_call: bool

    def apply(self, session: Session) -> Session:
        """The session afterwards."""
        return replace(session, state=State.COMPLETED, may_call=self.may_call)
