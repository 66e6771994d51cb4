"""Pure: the Index of Emotional Loyalty (ИЭЛ) of button presses, and the engagement beside it.

The index's inventor has not published a formula. Ours can be configured, and whatever is configured is
part of the formula's name, so that two ways of counting never pass for one.
"""

from dataclasses import dataclass
from typing import Literal

from hub.feedback.figures.differences import EVEN, Weights, difference
from hub.feedback.figures.figure import Base, Figure, require_counts
from hub.feedback.figures.shares import rate


@dataclass(frozen=True, slots=True)
class LoyaltyRule:
    """How a facility counts: what presses weigh, and whom they are divided by."""

    weights: Weights = EVEN
    base_of: Literal[Base.SERVED, Base.ANSWERS] = Base.SERVED

    @property
    def formula(self) -> str:
        """`loyalty/1`, followed by what differs from it."""
        weights = f"{self.weights.favourable:g}:{self.weights.unfavourable:g}"
        differs = {"weights": weights, "base": self.base_of}
        usual = {"weights": "1:1", "base": Base.SERVED}
        told = ",".join(f"{k}={v}" for k, v in differs.items() if v != usual[k])
        return f"loyalty/1({told})" if told else "loyalty/1"


USUAL = LoyaltyRule()


def loyalty(
    positive: int, negative: int, served: int, *, neutral: int = 0, rule: LoyaltyRule = USUAL
) -> Figure:
    """100 · (positive − negative) / served, in points, or as the rule has it; `n` is all presses."""
    require_counts(positive=positive, negative=negative, neutral=neutral, served=served)
    presses = positive + negative + neutral
    return difference(
        positive,
        negative,
        n=presses,
        base=served if rule.base_of is Base.SERVED else presses,
        base_of=rule.base_of,
        formula=rule.formula,
        weights=rule.weights,
    )


def engagement(presses: int, served: int) -> Figure:
    """How many of those served pressed a button, in percent."""
    require_counts(presses=presses, served=served)
    return rate(presses, served, Base.SERVED, "engagement/1")
