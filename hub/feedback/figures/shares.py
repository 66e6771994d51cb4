"""Pure: the share of those who did something, with Wilson's interval."""

from math import sqrt
from statistics import NormalDist

from hub.core.errors import BadInput
from hub.feedback.figures.figure import Alarm, Base, Figure, Unit, require_counts

_Z = NormalDist().inv_cdf(0.975)


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share, in fractions; (0, 1) where nothing was tried.

    E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927):
    ((p + z²/2n) ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n).
    """
    if trials == 0:
        return 0.0, 1.0
    p, z2_n = successes / trials, _Z**2 / trials
    middle = p + z2_n / 2
    spread = _Z * sqrt(p * (1 - p) / trials + z2_n / (4 * trials))
    low, high = (middle - spread) / (1 + z2_n), (middle + spread) / (1 + z2_n)
    # The ends meet the share itself at 0 and 1, where a rounding error would put them beyond it.
    return max(0.0, min(low, p)), min(1.0, max(high, p))


def share(successes: int, trials: int) -> Figure:
    """A share as a fraction; BadInput when there are more successes than trials."""
    require_counts(successes=successes, trials=trials)
    if successes > trials:
        raise BadInput("successes", f"successes ({successes}) must not exceed trials ({trials}).")
    low, high = wilson(successes, trials)
    return Figure(
        value=successes / trials if trials else None,
        low=low,
        high=high,
        n=trials,
        base=trials,
        formula="wilson/1",
        base_of=Base.TRIALS,
        unit=Unit.FRACTION,
    )


def rate(part: int, base: int, base_of: Base, formula: str) -> Figure:
    """How many of the base, in percent; withheld when it is more than the base."""
    consistent = part <= base
    low, high = wilson(part, base) if consistent else (0.0, 1.0)
    return Figure(
        value=100 * part / base if consistent and base else None,
        low=100 * low,
        high=100 * high,
        n=part,
        base=base,
        formula=formula,
        base_of=base_of,
        unit=Unit.PERCENT,
        alarm=None if consistent else Alarm.BASE_INCONSISTENT,
    )
