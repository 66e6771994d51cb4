"""What is asked at the very moment of sending: may this message go out now, to this telephone?

Who may answer (opt-outs, quiet hours, a paused campaign) is decided by those who write messages; `wire()` hands
their answer to the dispatcher. Asked again at every attempt.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hub.core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is about to go out."""

    organisation: str
    facility: str
    id: str
    recipient: str
    purpose: str
    subject: str


@dataclass(frozen=True, slots=True)
class Go:
    """Send it now."""


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Hold it, and everything behind it for the same telephone, until then."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Never:
    """Withhold it for good; `reason` is a short code."""

    reason: str


Verdict = Go | NotBefore | Never
Clearance = Callable[[UnitOfWork, Waiting], Verdict]


def cleared(_work: UnitOfWork, _message: Waiting) -> Verdict:
    """Nobody objects to anything."""
    return Go()
