"""A change has the interval that follows from its two sides; better or worse is said only where that excludes zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from hub.core.errors import BadInput
from hub.feedback.figures.attraction import attraction
from hub.feedback.figures.change import Verdict, change
from hub.feedback.figures.nps import nps_of_counts
from hub.feedback.figures.rates import participation

shares = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares, shares)
def test_of_two_shares_it_is_newcombe_s(before: tuple[int, int], now: tuple[int, int]) -> None:
    found = change(participation(*before), participation(*now))
    low, high = confint_proportions_2indep(*now, *before, method="newcomb")
    assert found.low / 100 == pytest.approx(low, abs=1e-6)
    assert found.high / 100 == pytest.approx(high, abs=1e-6)


@given(shares, shares)
def test_turned_round_it_is_the_same_with_the_other_sign(
    before: tuple[int, int], now: tuple[int, int]
) -> None:
    there = change(participation(*before), participation(*now))
    back = change(participation(*now), participation(*before))
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert {there.verdict, back.verdict} in (
        {Verdict.UNCLEAR},
        {Verdict.BETTER, Verdict.WORSE},
    )


def test_chance_is_not_called_better() -> None:
    before, a_little, much = (nps_of_counts({9: p, 5: 100 - p}) for p in (50, 55, 80))
    assert change(before, a_little).verdict is Verdict.UNCLEAR
    assert change(before, much).verdict is Verdict.BETTER
    assert change(much, before).verdict is Verdict.WORSE


def test_without_a_value_nothing_is_said() -> None:
    found = change(nps_of_counts({}), nps_of_counts({9: 50}))
    assert (found.value, found.verdict) == (None, Verdict.UNKNOWN)


def test_different_formulae_are_never_compared() -> None:
    with pytest.raises(BadInput):
        change(attraction(1, 1, 1, 10), nps_of_counts({9: 3}))
