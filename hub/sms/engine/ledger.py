"""Pure: what the ledger of opt-outs says of a telephone.

Decides that the last entry counts, that an opt-out wins over an opt-in of the same moment, and that a telephone without
entries has not stopped. Asked at the moment of sending by everything that sends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """One line of the ledger; lines are only ever added."""

    at: datetime
    stopped: bool
    """True: opted out. False: an explicit opt-in word."""


def is_stopped(entries: Iterable[Entry]) -> bool:
    """Whether nothing may be sent."""
    last = max(entries, key=lambda entry: (entry.at, entry.stopped), default=None)
    return last is not None and last.stopped
