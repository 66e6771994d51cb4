"""Pure: when an unanswered question is repeated once, and when the survey is over.

Decides by the time since the invitation; quiet hours and the calendar are the campaign's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hub.sms.interpreter.labels import State

OPEN = {
    State.INVITED,
    State.AWAIT_SCORE,
    State.AWAIT_REASON,
    State.AWAIT_CALL_CONSENT,
    State.DEMO_OPEN,
}


class Due(StrEnum):
    """What time asks for."""

    NOTHING = "nothing"
    REMINDER = "reminder"
    EXPIRY = "expiry"


@dataclass(frozen=True)
class Deadlines:
    """Counted from the last question to the patient."""

    reminder: timedelta = timedelta(hours=24)
    expiry: timedelta = timedelta(hours=72)


def due(
    state: State, asked_at: datetime, reminded: bool, now: datetime, deadlines: Deadlines
) -> Due:
    """What is due now; a conversation is reminded once, and never of anything but its open question."""
    waited = now - asked_at
    if state not in OPEN:
        return Due.NOTHING
    if waited >= deadlines.expiry:
        return Due.EXPIRY
    if waited >= deadlines.reminder and not reminded:
        return Due.REMINDER
    return Due.NOTHING
