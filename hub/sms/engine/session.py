"""Pure: what a conversation remembers, and what the hub remembers of the telephone it is held with."""

from dataclasses import dataclass, field
from datetime import datetime

from hub.sms.interpreter.labels import State

HIGHEST_DETRACTOR = 6


@dataclass(frozen=True)
class Contact:
    """One telephone over all its conversations."""

    stopped: bool = False
    """What the ledger says (`ledger.py`)."""
    sent: tuple[datetime, ...] = ()
    """When automatic messages went out; the brake needs those of the last hour."""


@dataclass(frozen=True)
class Session:
    """One conversation. `proposed` is a score that waits for the patient's yes."""

    state: State
    language: str
    contact: Contact = field(default_factory=Contact)
    asked_again: int = 0
    """In this state."""
    proposed: int | None = None
    score: int | None = None
    words: tuple[str, ...] = ()
    may_call: bool | None = None
    paused: bool = False
    """A person has taken over; nothing automatic is sent any more."""

    @property
    def is_detractor(self) -> bool:
        """Whether the score asks for the protocol of unhappy patients."""
        return self.score is not None and self.score <= HIGHEST_DETRACTOR


@dataclass(frozen=True)
class Inbound:
    """A reassembled message, delivered once; `at` has a time zone."""

    text: str
    at: datetime
