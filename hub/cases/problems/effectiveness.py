"""Pure: whether complaints became fewer after something was done about them: rates with their intervals."""

from dataclasses import dataclass

from hub.core.errors import BadInput
from hub.core.texts import gettext as _

PER_DAYS = 30
LEAST_DAYS = 14
"""Before and after, for a comparison to mean anything."""
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Rate:
    """Complaints in 30 days with a 95 % interval."""

    count: int
    days: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """`low` and `high` enclose the ratio of the rate after to the rate before."""

    before: Rate
    after: Rate
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """`better`, `worse`, or `uncertain` where the interval of the ratio includes 1."""
        if self.high < 1:
            return "better"
        return "worse" if self.low > 1 else "uncertain"


def rate(count: int, days: int) -> Rate:
    """With the exact interval of a Poisson mean (F. Garwood, Biometrika 28, 1936)."""
    from scipy.special import gammaincinv  # noqa: PLC0415 - loaded when it is used, not by every start

    scale = PER_DAYS / days
    low = float(gammaincinv(count, _TAIL)) if count else 0.0
    high = float(gammaincinv(count + 1, 1 - _TAIL))
    return Rate(count, days, count * scale, low * scale, high * scale)


def compared(before: int, before_days: int, after: int, after_days: int) -> Comparison:
    """Both rates, and the interval of their ratio from the exact one of the share that came after."""
    if min(before_days, after_days) < LEAST_DAYS:
        raise BadInput(
            "days",
            _("Compare at least %(days)s days before with as many after.") % {"days": LEAST_DAYS},
        )
    low, high = _clopper_pearson(after, before + after)
    odds = before_days / after_days
    return Comparison(
        rate(before, before_days), rate(after, after_days), _ratio(low, odds), _ratio(high, odds)
    )


def _clopper_pearson(part: int, whole: int) -> tuple[float, float]:
    from scipy.special import betaincinv  # noqa: PLC0415 - as above

    low = float(betaincinv(part, whole - part + 1, _TAIL)) if part else 0.0
    high = float(betaincinv(part + 1, whole - part, 1 - _TAIL)) if part < whole else 1.0
    return low, high


def _ratio(share: float, odds: float) -> float:
    return float("inf") if share >= 1 else share / (1 - share) * odds
