"""A rise is noticed on the right day; flat series are left alone in ninety-nine months of a hundred."""

import numpy as np
import pytest

from hub.cases.problems.cusum import (
    BASELINE_DAYS,
    FALSE_ALARMS,
    MONTH_DAYS,
    has_become_more,
    rule_for,
    signal_day,
    usual_rate,
)

MONTHS = 3000


def sums_signal(counts: np.ndarray, rate: float, settled: int) -> np.ndarray:
    """Which rows signal after `settled` days without a signal; rows that signal before begin anew."""
    rule = rule_for(rate)
    total = np.zeros(len(counts))
    signalled = np.zeros(len(counts), dtype=bool)
    for day in range(counts.shape[1]):
        total = np.maximum(0.0, total + counts[:, day] - rule.k)
        over = total >= rule.h - 1e-9
        if day >= settled:
            signalled |= over
        total[over] = 0.0
    return signalled


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.33, 1.0, 4.0])
def test_flat_series_where_the_rate_is_known(rate: float) -> None:
    counts = np.random.default_rng(7).poisson(rate, (MONTHS, 60 + MONTH_DAYS))
    assert sums_signal(counts, rate, 60).mean() <= 0.01


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.33, 1.0, 4.0])
def test_flat_series_where_the_rate_must_be_learned(rate: float) -> None:
    random = np.random.default_rng(11)
    alarms = 0
    for _month in range(MONTHS):
        days = random.poisson(rate, BASELINE_DAYS + MONTH_DAYS).tolist()
        alarms += has_become_more(days)
    assert alarms / MONTHS <= 0.01


def test_a_rise_is_noticed_within_days_and_not_before() -> None:
    usual, risen = [1, 0, 1, 0, 0, 1, 0] * 26, [2, 2, 1, 3, 2, 2, 2]
    rate = usual_rate(usual)
    assert signal_day([*usual[:20], *risen], rate) in range(20, 27)
    assert signal_day(usual[:30], rate) is None
    assert has_become_more([*usual, *usual[:20], *risen, *risen[:3]])
    assert not has_become_more([*usual, *usual[:30]])


def test_a_flood_is_noticed_on_its_first_day() -> None:
    assert signal_day([0, 0, 30], 0.2) == 2


def test_too_short_a_history_says_nothing() -> None:
    assert not has_become_more([5] * (2 * MONTH_DAYS - 1))


def test_thresholds_rise_with_the_rate() -> None:
    rules = [rule_for(rate) for rate in (0.05, 0.2, 1.0, 5.0)]
    assert [r.k for r in rules] == sorted(r.k for r in rules)
    assert [r.h for r in rules] == sorted(r.h for r in rules)
    assert 0 < FALSE_ALARMS < 0.01
