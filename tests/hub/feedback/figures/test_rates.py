"""Rates of response: at a terminal, among those served, and down the SMS funnel."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.feedback.figures.figure import Alarm, Base
from hub.feedback.figures.rates import participation, sms_funnel, terminal_response


def test_vector_of_a_terminal() -> None:
    response, part = terminal_response(20, approached=60), participation(20, served=200)
    assert response.value == pytest.approx(33.3, abs=0.05)
    assert part.value == 10.0
    assert (response.base_of, part.base_of) == (Base.APPROACHED, Base.SERVED)
    assert response.formula != part.formula


def test_vector_of_the_funnel() -> None:
    funnel = sms_funnel(sent=1000, delivered=960, replied=300, accepted=220, scored=180)
    assert funnel.response.value == 18.75
    assert (funnel.response.n, funnel.response.base) == (180, 960)
    steps = (funnel.delivered, funnel.replied, funnel.accepted, funnel.scored)
    assert [(step.n, step.base) for step in steps] == [
        (960, 1000),
        (300, 960),
        (220, 300),
        (180, 220),
    ]


@given(st.lists(st.integers(1, 1000), min_size=5, max_size=5))
def test_the_steps_after_delivery_multiply_to_the_response(rises: list[int]) -> None:
    scored, accepted, replied, delivered, sent = accumulate(rises)
    funnel = sms_funnel(sent, delivered, replied, accepted, scored)
    product = 100.0
    for step in (funnel.replied, funnel.accepted, funnel.scored):
        assert step.value is not None
        product *= step.value / 100
    assert funnel.response.value == pytest.approx(product)


def test_only_the_inconsistent_step_is_withheld() -> None:
    funnel = sms_funnel(sent=10, delivered=8, replied=9, accepted=5, scored=4)
    assert funnel.replied.alarm is Alarm.BASE_INCONSISTENT
    assert funnel.response.value == 50.0


def test_nobody_to_answer() -> None:
    assert terminal_response(0, approached=0).value is None
    assert participation(1, served=0).alarm is Alarm.BASE_INCONSISTENT
    assert sms_funnel(0, 0, 0, 0, 0).response.value is None


def test_negative_counts_are_refused_by_name() -> None:
    with pytest.raises(BadInput) as refused:
        sms_funnel(sent=1, delivered=1, replied=-1, accepted=1, scored=1)
    assert refused.value.field == "replied"
