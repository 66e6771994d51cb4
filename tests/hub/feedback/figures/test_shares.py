"""Shares: the vectors, the properties of Wilson's interval, and statsmodels as a second opinion."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from hub.core.errors import BadInput
from hub.feedback.figures.figure import Alarm, Base, Unit
from hub.feedback.figures.shares import rate, share, wilson


@st.composite
def successes_of_trials(draw: st.DrawFn, most: int = 10**6) -> tuple[int, int]:
    trials = draw(st.integers(1, most))
    return draw(st.integers(0, trials)), trials


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (9, 10, 0.596, 0.982),
        (27, 30, 0.744, 0.965),
        (90, 100, 0.826, 0.945),
        (0, 5, 0.0, 0.434),
    ],
)
def test_vectors(successes: int, trials: int, low: float, high: float) -> None:
    figure = share(successes, trials)
    assert figure.value == successes / trials
    assert (round(figure.low, 3), round(figure.high, 3)) == (low, high)
    assert (figure.n, figure.base, figure.formula) == (trials, trials, "wilson/1")
    assert figure.unit is Unit.FRACTION


@given(successes_of_trials())
def test_the_interval_is_that_of_statsmodels(counts: tuple[int, int]) -> None:
    expected = proportion_confint(*counts, alpha=0.05, method="wilson")
    assert wilson(*counts) == pytest.approx(expected, abs=1e-12)


@given(successes_of_trials())
def test_a_share_lies_inside_its_interval_and_both_between_0_and_1(counts: tuple[int, int]) -> None:
    figure = share(*counts)
    assert figure.value is not None
    assert 0 <= figure.low <= figure.value <= figure.high <= 1
    assert figure.low < figure.high


@given(successes_of_trials())
def test_failures_mirror_successes(counts: tuple[int, int]) -> None:
    successes, trials = counts
    low, high = wilson(successes, trials)
    assert wilson(trials - successes, trials) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(successes_of_trials())
def test_one_more_success_moves_the_whole_interval_up(counts: tuple[int, int]) -> None:
    successes, trials = counts
    assume(successes < trials)
    (low, high), (next_low, next_high) = wilson(successes, trials), wilson(successes + 1, trials)
    assert low < next_low
    assert high < next_high


@given(successes_of_trials(10**4), st.integers(2, 20))
def test_more_of_the_same_narrows_the_interval(counts: tuple[int, int], times: int) -> None:
    few, many = share(*counts), share(counts[0] * times, counts[1] * times)
    assert many.value == few.value
    assert many.half_width < few.half_width


def test_without_trials_everything_is_possible() -> None:
    figure = share(0, 0)
    assert (figure.value, figure.low, figure.high, figure.n) == (None, 0, 1, 0)


@pytest.mark.parametrize(
    ("successes", "trials", "field"),
    [(11, 10, "successes"), (-1, 10, "successes"), (0, -1, "trials"), (1, 2.5, "trials")],
)
def test_impossible_counts_are_refused_by_name(successes: int, trials: int, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        share(successes, trials)
    assert refused.value.field == field
    assert field in refused.value.detail


@given(successes_of_trials())
def test_a_rate_is_the_share_in_percent(counts: tuple[int, int]) -> None:
    fraction, percent = share(*counts), rate(*counts, Base.SERVED, "participation/1")
    assert fraction.value is not None
    assert percent.value == pytest.approx(100 * fraction.value)
    assert (percent.low, percent.high) == (100 * fraction.low, 100 * fraction.high)
    assert percent.half_width == pytest.approx(fraction.half_width)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_a_rate_of_more_than_its_base_is_withheld(base: int, excess: int) -> None:
    figure = rate(base + excess, base, Base.APPROACHED, "terminal-response/1")
    assert (figure.value, figure.low, figure.high) == (None, 0, 100)
    assert figure.alarm is Alarm.BASE_INCONSISTENT
