"""The Index of Client Attraction: on those served, and beside it on those who answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.feedback.figures.attraction import attraction, attraction_of_answers
from hub.feedback.figures.figure import Alarm, Base

few = st.integers(0, 300)


def test_vector() -> None:
    figure = attraction(yes=14, no=4, hard=2, served=200)
    assert figure.value == 5.0
    assert (round(figure.low, 1), round(figure.high, 1)) == (0.7, 9.1)
    assert (figure.n, figure.base, figure.base_of) == (20, 200, Base.SERVED)


def test_the_secondary_figure_says_what_it_is() -> None:
    figure = attraction_of_answers(yes=14, no=4, hard=2)
    assert figure.value == 50.0
    assert (figure.n, figure.base, figure.base_of) == (20, 20, Base.ANSWERS)
    assert figure.formula != attraction(14, 4, 2, 200).formula


def test_more_answers_than_clients_served_are_withheld() -> None:
    figure = attraction(yes=8, no=3, hard=1, served=9)
    assert (figure.value, figure.low, figure.high) == (None, -100, 100)
    assert figure.alarm is Alarm.BASE_INCONSISTENT
    assert (figure.n, figure.base) == (12, 9)


@given(few, few, few, few)
def test_hard_to_say_is_an_answer_in_neither_term(yes: int, no: int, hard: int, more: int) -> None:
    served = yes + no + hard + more
    figure, other = attraction(yes, no, hard, served), attraction(yes, no, hard + more, served)
    assert other.n == figure.n + more
    if figure.n:
        assert (other.value, other.low, other.high) == (figure.value, figure.low, figure.high)


@given(few, few, few, few)
def test_those_served_who_were_silent_dilute_it(yes: int, no: int, hard: int, more: int) -> None:
    answers = yes + no + hard
    diluted, of_answers = (
        attraction(yes, no, hard, answers + more),
        attraction_of_answers(yes, no, hard),
    )
    if answers:
        assert diluted.value is not None
        assert of_answers.value is not None
        assert abs(diluted.value) <= abs(of_answers.value)
        assert diluted.value * of_answers.value >= 0


@pytest.mark.parametrize("served", [0, 200])
def test_without_answers_there_is_no_value(served: int) -> None:
    figure = attraction(0, 0, 0, served)
    assert (figure.value, figure.low, figure.high, figure.alarm) == (None, -100, 100, None)


@pytest.mark.parametrize("field", ["yes", "no", "hard", "served"])
def test_negative_counts_are_refused_by_name(field: str) -> None:
    with pytest.raises(BadInput) as refused:
        attraction(**({"yes": 1, "no": 1, "hard": 1, "served": 9} | {field: -1}))
    assert refused.value.field == field
