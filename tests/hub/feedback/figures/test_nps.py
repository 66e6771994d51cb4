"""The Net Promoter Score: vectors, categories, and what is no score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.feedback.figures.figure import Base, Unit
from hub.feedback.figures.nps import Category, category, nps, nps_of_scores

scores = st.integers(0, 10)


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "value", "low", "high"),
    [
        (18, 8, 4, 46.7, 17.5, 67.3),
        (60, 25, 15, 45.0, 29.3, 58.0),
        (3, 0, 0, 100.0, -6.6, 100.0),
    ],
)
def test_vectors(
    promoters: int, passives: int, detractors: int, value: float, low: float, high: float
) -> None:
    figure = nps(promoters, passives, detractors)
    assert figure.value == pytest.approx(value, abs=0.05)
    assert (round(figure.low, 1), round(figure.high, 1)) == (low, high)
    assert figure.n == figure.base == promoters + passives + detractors
    assert (figure.formula, figure.base_of, figure.unit) == ("nps/1", Base.ANSWERS, Unit.POINTS)


def test_vector_of_scores() -> None:
    figure = nps_of_scores([9, 10, 7, 6, 0])
    assert (figure.value, figure.n) == (0.0, 5)


def test_every_score_has_its_category() -> None:
    assert [category(score) for score in range(11)] == (
        [Category.DETRACTOR] * 7 + [Category.PASSIVE] * 2 + [Category.PROMOTER] * 2
    )


@pytest.mark.parametrize("score", [-1, 11, 6.5, 8.5, 9.0, "9", None, True])
def test_what_is_no_score_is_refused_and_never_rounded(score: object) -> None:
    with pytest.raises(BadInput) as refused:
        nps_of_scores([10, score])  # type: ignore[list-item]
    assert refused.value.field == "score"


@given(st.lists(scores))
def test_neither_order_nor_the_score_within_a_category_matters(given_scores: list[int]) -> None:
    typical = {Category.PROMOTER: 10, Category.PASSIVE: 7, Category.DETRACTOR: 0}
    assert nps_of_scores(given_scores) == nps_of_scores(given_scores[::-1])
    assert nps_of_scores(given_scores) == nps_of_scores(typical[category(s)] for s in given_scores)


@given(st.lists(scores, min_size=1), st.data())
def test_a_better_score_never_lowers_it(given_scores: list[int], data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(given_scores) - 1))
    better = data.draw(st.integers(given_scores[which], 10))
    improved = [*given_scores[:which], better, *given_scores[which + 1 :]]
    before, after = nps_of_scores(given_scores).value, nps_of_scores(improved).value
    assert before is not None
    assert after is not None
    assert before <= after


def test_without_answers_there_is_no_value() -> None:
    figure = nps(0, 0, 0)
    assert (figure.value, figure.low, figure.high, figure.alarm) == (None, -100, 100, None)


@pytest.mark.parametrize("field", ["promoters", "passives", "detractors"])
def test_negative_counts_are_refused_by_name(field: str) -> None:
    counts = {"promoters": 1, "passives": 1, "detractors": 1} | {field: -1}
    with pytest.raises(BadInput) as refused:
        nps(**counts)
    assert refused.value.field == field
