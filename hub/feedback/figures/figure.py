"""Pure: what a published value consists of. How it is computed, and when it may be shown, is decided elsewhere."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from hub.core.errors import BadInput
from hub.feedback.figures.origin import Origin


class Unit(StrEnum):
    """How a value is expressed."""

    FRACTION = "fraction"  # 0 to 1
    PERCENT = "percent"  # 0 to 100
    POINTS = "points"  # a difference of two percentages: as a rule −100 to 100

    @property
    def of_one(self) -> int:
        """What stands for "all of them" in this unit."""
        return 1 if self is Unit.FRACTION else 100


class Base(StrEnum):
    """Whom a value is divided by."""

    ANSWERS = "answers"
    SERVED = "served"
    APPROACHED = "approached"
    SEEN = "seen"
    TRIALS = "trials"
    MESSAGES_SENT = "messages_sent"
    MESSAGES_DELIVERED = "messages_delivered"
    REPLIES = "replies"
    ACCEPTANCES = "acceptances"


class Alarm(StrEnum):
    """Why a value is withheld though there are answers."""

    BASE_INCONSISTENT = "BASE_INCONSISTENT"  # more answers than people who can have given them


@dataclass(frozen=True, slots=True)
class Figure:
    """One value with its 95 % interval, in `unit`.

    `n` is the number of valid answers behind it, `base` the number that it is divided by, and `formula`
    the name and version of the formula. Where nothing can be said `value` is None and the interval is
    everything that is possible.
    """

    value: float | None
    low: float
    high: float
    n: int
    base: int
    formula: str
    base_of: Base
    unit: Unit
    alarm: Alarm | None = None
    origin: Origin | None = None

    @property
    def half_width(self) -> float:
        """Of the interval, in points of a hundred whatever the unit."""
        return (self.high - self.low) / 2 * 100 / self.unit.of_one

    def from_origin(self, origin: Origin) -> Self:
        """The same figure, and where its counts come from."""
        return replace(self, origin=origin)


def require_counts(**counts: int) -> None:
    """BadInput, naming the field, unless all are whole numbers from 0 up."""
    for field, count in counts.items():
        if type(count) is not int or count < 0:  # a bool is an int, and no count
            raise BadInput(field, f"{field} must be a whole number from 0 up, not {count!r}.")
