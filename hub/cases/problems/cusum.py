"""Pure: when complaints of one kind have become more frequent than chance explains.

A cumulative sum of daily counts (E. S. Page 1954; for counts J. M. Lucas, Technometrics 27, 1985): S rises by the day's
count less k and never falls below 0; it signals at h. k makes a doubled rate stand out soonest, and h is found by the
sum's own Markov chain (`false_alarms`), so that a flat series signals in at most one month out of a hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp, log

MONTH_DAYS = 30
BASELINE_DAYS = 180
FALSE_ALARMS = 0.005
"""In a month, where the usual rate is known; half of what is promised, for it never quite is."""
RATIO = 2.0
"""The rise that is to be noticed soonest."""
CERTAINTY = 0.9
"""With which the usual rate is at most what we take it for: few days of a baseline must not make alarms cheap."""

_LEAST_RATE = 0.01
_LONGEST = 60.0


@dataclass(frozen=True, slots=True)
class Rule:
    """`k` is taken off each day, `h` is where the sum signals."""

    k: float
    h: float


def usual_rate(counts: Sequence[int]) -> float:
    """A day's complaints as they may have been so far: the upper end of what the counts allow."""
    if not counts:
        return _LEAST_RATE
    from scipy.special import gammaincinv  # noqa: PLC0415 - loaded when it is used, not by every start

    highest = float(gammaincinv(sum(counts) + 1, CERTAINTY))
    return max(_LEAST_RATE, highest / len(counts))


def signal_day(counts: Sequence[int], rate: float) -> int | None:
    """The first day (0, 1 …) on which the sum signals, given the usual rate; None where it does not."""
    rule = rule_for(rate)
    total = 0.0
    for day, count in enumerate(counts):
        total = max(0.0, total + count - rule.k)
        if total >= rule.h:
            return day
    return None


def has_become_more(counts: Sequence[int]) -> bool:
    """Whether the last 30 days, judged by those before them, signal; the last number is the last day's."""
    before, lately = counts[:-MONTH_DAYS][-BASELINE_DAYS:], counts[-MONTH_DAYS:]
    return len(before) >= MONTH_DAYS and signal_day(lately, usual_rate(before)) is not None


def rule_for(rate: float) -> Rule:
    """For a usual rate of so many a day; rates that are nearly the same share one."""
    return _rule(round(log(max(rate, _LEAST_RATE)) * 20))


@lru_cache(maxsize=512)
def _rule(twentieths: int) -> Rule:
    from hub.cases.problems import false_alarms  # noqa: PLC0415 - loaded when it is used, not by every start

    rate, step = exp(twentieths / 20), false_alarms.STEP
    k = step * max(1, round((RATIO - 1) * rate / log(RATIO) / step))
    low, high = 1, ceil(_LONGEST / step)
    while low < high:
        middle = (low + high) // 2
        if false_alarms.within(MONTH_DAYS, rate, k, middle) <= FALSE_ALARMS:
            high = middle
        else:
            low = middle + 1
    return Rule(k, low * step)
