"""Pure: how much a figure has changed, with an interval of its own; better or worse only where that excludes zero.

G. Zou and A. Donner, Construction of confidence limits about effect measures, Statistics in Medicine 27 (2008): the
limits of a difference follow from the limits of its two sides. Of two shares with Wilson's intervals it is the
interval of R. Newcombe (1998).
"""

from dataclasses import dataclass
from enum import StrEnum
from math import hypot

from hub.core.errors import BadInput
from hub.feedback.figures.figure import Figure


class Verdict(StrEnum):
    """What may be said of a change."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"  # chance alone may have made it
    UNKNOWN = "unknown"  # one of the sides has no value


@dataclass(frozen=True, slots=True)
class Change:
    """From one figure to another, in their unit; None where one of them has no value."""

    value: float | None
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        if self.value is None:
            return Verdict.UNKNOWN
        if self.low > 0:
            return Verdict.BETTER
        return Verdict.WORSE if self.high < 0 else Verdict.UNCLEAR


def change(before: Figure, now: Figure) -> Change:
    """`now` less `before`, of two independent periods; BadInput where they were not made alike."""
    if (before.formula, before.base_of) != (now.formula, now.base_of):
        raise BadInput("formula", "Figures of different formulae are never compared.")
    if before.value is None or now.value is None:
        return Change(None, now.low - before.high, now.high - before.low)
    value = now.value - before.value
    below = hypot(now.value - now.low, before.high - before.value)
    above = hypot(now.high - now.value, before.value - before.low)
    return Change(value, value - below, value + above)
