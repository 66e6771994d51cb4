"""Pure: what cameras saw, added up, and what can be said of it: who looked, for how long they stayed, who was noticed.

Decides when a terminal is said not to be noticed: a thing to look into, so it is said only where chance and a camera
that hardly saw are no explanation.
"""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from hub.feedback.figures.figure import Base, Figure
from hub.feedback.figures.publishing import FEWEST_IN_PUBLIC
from hub.feedback.figures.shares import rate, wilson

NOTICED_SHARE = 0.10
"""Of those who were served at least so many come near a terminal that is noticed."""
WATCHED_S = 6 * 3600
"""A day counts for that if the cameras saw at least so much of it."""


class Seen(NamedTuple):
    """Counts of people near terminals; times are of all of them together, `seconds` those in which cameras saw.

    A tuple, for a page adds up as many as there are terminals and days.
    """

    approaches: int = 0
    looked: int = 0
    dwell_ms: int = 0
    looked_ms: int = 0
    seconds: int = 0

    @property
    def stayed_ms(self) -> float | None:
        """How long one of them stayed, in the mean; None where nobody came."""
        return self.dwell_ms / self.approaches if self.approaches else None

    @property
    def share_of_stay(self) -> float | None:
        """The part of their stay in which they looked at the screen, from 0 to 1."""
        return min(1.0, self.looked_ms / self.dwell_ms) if self.dwell_ms else None


PRESENCE_SUMS = Seen._fields
"""What is added up, in the order of the columns of the tables of counts."""


def together(seen: Iterable[Seen]) -> Seen:
    """All of it added up."""
    return Seen(*map(sum, zip(*seen, strict=True)))


def attention(seen: Seen) -> Figure:
    """How many of those who came near looked at the screen, in percent; n is all who came near."""
    looked = rate(seen.looked, seen.approaches, Base.APPROACHED, "attention/1")
    return replace(looked, n=seen.approaches)


class Notice(StrEnum):
    """Whether patients notice a terminal."""

    UNKNOWN = "unknown"
    NOTICED = "noticed"
    UNNOTICED = "unnoticed"


def notice(approaches: int, served: int) -> Notice:
    """By how many of the clients served came near; more may come near than are served, for some come in company."""
    if served < FEWEST_IN_PUBLIC:
        return Notice.UNKNOWN
    _low, high = wilson(min(approaches, served), served)
    return Notice.UNNOTICED if high < NOTICED_SHARE else Notice.NOTICED


def smile_share(smiling: int, people: int) -> Figure:
    """How many of those seen smiled, in percent; n is all who were seen."""
    return replace(rate(smiling, people, Base.SEEN, "smiles/1"), n=people)
