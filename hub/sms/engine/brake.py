"""Pure: the brake against two machines that answer each other.

Decides that at most two re-prompts a state and six automatic messages an hour reach a telephone, whatever it writes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

MOST_REPROMPTS = 2
MOST_MESSAGES = 6
WINDOW = timedelta(hours=1)


def recent(sent: Iterable[datetime], now: datetime) -> tuple[datetime, ...]:
    """Those sent within the last hour; a time that seems to come is as recent as can be."""
    return tuple(at for at in sent if now - at < WINDOW)


def may_send(sent: Iterable[datetime], now: datetime) -> bool:
    """Whether one more automatic message is allowed now."""
    return len(recent(sent, now)) < MOST_MESSAGES


def may_ask_again(asked_again: int) -> bool:
    """Whether the question of a state may be asked once more."""
    return asked_again < MOST_REPROMPTS
