"""The Index of Emotional Loyalty, its configuration, and engagement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.feedback.figures.attraction import attraction
from hub.feedback.figures.differences import Weights
from hub.feedback.figures.figure import Alarm, Base, Unit
from hub.feedback.figures.loyalty import LoyaltyRule, engagement, loyalty

few = st.integers(0, 300)


def test_vector() -> None:
    figure = loyalty(positive=30, negative=6, served=400)
    assert figure.value == 6.0
    assert (figure.n, figure.base, figure.base_of) == (36, 400, Base.SERVED)
    assert figure.formula == "loyalty/1"
    beside = engagement(presses=36, served=400)
    assert beside.value == 9.0
    assert (beside.n, beside.base, beside.unit) == (36, 400, Unit.PERCENT)


@given(few, few, few, few)
def test_it_has_the_shape_of_the_index_of_attraction(
    positive: int, negative: int, neutral: int, silent: int
) -> None:
    served = positive + negative + neutral + silent
    one = loyalty(positive, negative, served, neutral=neutral)
    other = attraction(positive, negative, neutral, served)
    assert (one.value, one.low, one.high, one.n) == (other.value, other.low, other.high, other.n)


def test_more_presses_than_clients_served_withhold_both() -> None:
    for figure in (loyalty(10, 2, served=9), engagement(12, served=9)):
        assert figure.value is None
        assert figure.alarm is Alarm.BASE_INCONSISTENT


def test_neutral_presses_count_as_presses() -> None:
    assert loyalty(4, 3, served=9, neutral=3).alarm is Alarm.BASE_INCONSISTENT


def test_a_facility_may_count_otherwise_under_another_name() -> None:
    rule = LoyaltyRule(Weights(1, 2), Base.ANSWERS)
    figure = loyalty(30, 6, served=400, neutral=4, rule=rule)
    assert figure.value == pytest.approx(100 * (30 - 2 * 6) / 40)
    assert (figure.base, figure.base_of) == (40, Base.ANSWERS)
    assert figure.formula == "loyalty/1(weights=1:2,base=answers)"


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.sampled_from([Base.SERVED, Base.ANSWERS]))
def test_only_the_usual_rule_has_the_plain_name(
    favourable: float, unfavourable: float, base_of: Base
) -> None:
    rule = LoyaltyRule(Weights(favourable, unfavourable), base_of)  # type: ignore[arg-type]
    assert (rule.formula == "loyalty/1") == (rule == LoyaltyRule())


def test_nobody_pressed() -> None:
    assert loyalty(0, 0, served=400).value is None
    nobody = engagement(0, served=400)
    assert (nobody.value, nobody.low) == (0, 0)
    assert 0 < nobody.high < 1
    assert engagement(0, served=0).value is None


@pytest.mark.parametrize("field", ["positive", "negative", "neutral", "served"])
def test_negative_counts_are_refused_by_name(field: str) -> None:
    with pytest.raises(BadInput) as refused:
        loyalty(**({"positive": 1, "negative": 1, "neutral": 1, "served": 9} | {field: -1}))
    assert refused.value.field == field
