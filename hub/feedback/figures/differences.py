"""Pure: the difference between two shares of one base, with an adjusted Wald interval.

NPS, the index of attraction and the index of loyalty have this shape; which counts enter, and what they
are divided by, is theirs.
"""

from dataclasses import dataclass
from math import isfinite, sqrt

from hub.core.errors import BadInput
from hub.feedback.figures.figure import Alarm, Base, Figure, Unit

_Z = 1.96  # as published with this interval; Wilson's uses the exact quantile


@dataclass(frozen=True, slots=True)
class Weights:
    """What one favourable and one unfavourable answer weigh; others weigh nothing."""

    favourable: float = 1.0
    unfavourable: float = 1.0

    def __post_init__(self) -> None:
        if not all(isfinite(w) and w > 0 for w in (self.favourable, self.unfavourable)):
            raise BadInput("weights", "Weights must be positive numbers.")


EVEN = Weights()


def adjusted_wald(
    favourable: int, unfavourable: int, base: int, weights: Weights = EVEN
) -> tuple[float, float]:
    """The 95 % interval of a difference of two shares, in fractions; the whole range for an empty base.

    B. Rocks, Interval Estimation for the "Net Promoter Score", The American Statistician 70 (2016): three
    answers are added, ¾ favourable and ¾ unfavourable among them; m ± 1.96 √((p + d − m²) / n′).
    """
    lowest, highest = -weights.unfavourable, weights.favourable
    if base == 0:
        return lowest, highest
    adjusted = base + 3
    p = weights.favourable * (favourable + 0.75) / adjusted
    d = weights.unfavourable * (unfavourable + 0.75) / adjusted
    m = p - d
    error = sqrt((weights.favourable * p + weights.unfavourable * d - m * m) / adjusted)
    return max(lowest, m - _Z * error), min(highest, m + _Z * error)


def difference(
    favourable: int,
    unfavourable: int,
    *,
    n: int,
    base: int,
    base_of: Base,
    formula: str,
    weights: Weights = EVEN,
) -> Figure:
    """100 · (favourable − unfavourable) / base, in points; `n` counts all answers, neutral ones too.

    Without answers there is no value. More answers than the base: withheld, with an alarm.
    """
    consistent = n <= base
    low, high = adjusted_wald(0, 0, 0, weights)
    value = None
    if n and consistent:
        low, high = adjusted_wald(favourable, unfavourable, base, weights)
        net = weights.favourable * favourable - weights.unfavourable * unfavourable
        value = 100 * net / base
        # Lopsided weights on one or two answers can leave the value outside its own interval.
        low, high = min(low, net / base), max(high, net / base)
    return Figure(
        value=value,
        low=100 * low,
        high=100 * high,
        n=n,
        base=base,
        formula=formula,
        base_of=base_of,
        unit=Unit.POINTS,
        alarm=None if consistent else Alarm.BASE_INCONSISTENT,
    )
