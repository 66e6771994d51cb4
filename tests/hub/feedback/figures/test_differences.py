"""Differences of two shares: properties of the adjusted Wald interval, and second opinions on it."""

from itertools import pairwise
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from hub.core.errors import BadInput
from hub.feedback.figures.differences import EVEN, Weights, adjusted_wald, difference
from hub.feedback.figures.figure import Alarm, Base, Figure

counts = st.integers(0, 10**5)
weights = st.builds(Weights, st.floats(0.01, 100), st.floats(0.01, 100))


def of(favourable: int, unfavourable: int, silent: int, weighing: Weights = EVEN) -> Figure:
    base = favourable + unfavourable + silent
    return difference(
        favourable,
        unfavourable,
        n=base,
        base=base,
        base_of=Base.SERVED,
        formula="test/1",
        weights=weighing,
    )


@given(counts, counts, st.integers(1, 10**5), weights)
def test_the_interval_is_that_of_the_adjusted_sample(
    favourable: int, unfavourable: int, silent: int, weighing: Weights
) -> None:
    adjusted = [favourable + 0.75, unfavourable + 0.75, silent + 1.5]
    sample = DescrStatsW(
        np.array([weighing.favourable, -weighing.unfavourable, 0.0]), weights=np.array(adjusted)
    )
    reach = 1.96 * sqrt(sample.var / sum(adjusted))
    base = favourable + unfavourable + silent
    expected = np.clip(
        [sample.mean - reach, sample.mean + reach], -weighing.unfavourable, weighing.favourable
    )
    assert adjusted_wald(favourable, unfavourable, base, weighing) == pytest.approx(
        tuple(expected), abs=1e-9
    )


@pytest.mark.parametrize(("p", "d"), [(0.6, 0.15), (0.3, 0.3), (0.8, 0.1), (0.07, 0.02)])
def test_of_all_samples_of_thirty_about_95_in_100_cover_the_truth(p: float, d: float) -> None:
    n, covered = 30, 0.0
    for favourable in range(n + 1):
        for unfavourable in range(n + 1 - favourable):
            silent = n - favourable - unfavourable
            ways = comb(n, favourable) * comb(n - favourable, unfavourable)
            low, high = adjusted_wald(favourable, unfavourable, n)
            if low <= p - d <= high:
                covered += ways * p**favourable * d**unfavourable * (1 - p - d) ** silent
    assert 0.93 < covered < 0.99


@given(counts, counts, counts, weights)
def test_a_value_lies_inside_its_interval_and_both_inside_what_is_possible(
    favourable: int, unfavourable: int, silent: int, weighing: Weights
) -> None:
    figure = of(favourable, unfavourable, silent, weighing)
    most, least = 100 * weighing.favourable, -100 * weighing.unfavourable
    assert least <= figure.low * (1 - 1e-12) < figure.high * (1 - 1e-12) <= most
    if figure.n:
        assert figure.value is not None
        assert figure.low <= figure.value + 1e-9
        assert figure.value - 1e-9 <= figure.high


@given(counts, counts, counts)
def test_exchanging_the_sides_mirrors_the_figure(
    favourable: int, unfavourable: int, silent: int
) -> None:
    one, other = of(favourable, unfavourable, silent), of(unfavourable, favourable, silent)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
    if one.value is not None:
        assert one.value == pytest.approx(-(other.value or 0))


@given(counts, st.integers(1, 10**5), counts)
def test_a_change_of_mind_for_the_better_raises_the_value(
    favourable: int, unfavourable: int, silent: int
) -> None:
    before = of(favourable, unfavourable, silent).value
    neutral = of(favourable, unfavourable - 1, silent + 1).value
    glad = of(favourable + 1, unfavourable - 1, silent).value
    assert before is not None
    assert neutral is not None
    assert glad is not None
    assert before < neutral < glad


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 500))
def test_more_of_the_same_narrows_the_interval(
    favourable: int, unfavourable: int, silent: int
) -> None:
    sizes = [
        of(favourable * times, unfavourable * times, silent * times) for times in (1, 2, 3, 10)
    ]
    for few, many in pairwise(sizes):
        assert many.value == pytest.approx(few.value)
        assert many.half_width < few.half_width


@given(st.lists(st.tuples(counts, counts, counts), min_size=1, max_size=5))
def test_a_figure_of_summed_counts_is_the_mean_of_its_parts_by_their_bases(
    parts: list[tuple[int, int, int]],
) -> None:
    whole = of(*(sum(column) for column in zip(*parts, strict=True)))
    figures = [of(*part) for part in parts]
    if whole.value is not None:
        net = sum(f.value * f.base for f in figures if f.value is not None)
        assert whole.value == pytest.approx(net / whole.base)
        values = [f.value for f in figures if f.value is not None]
        assert min(values) - 1e-9 <= whole.value <= max(values) + 1e-9


def test_without_answers_everything_is_possible() -> None:
    figure = of(0, 0, 0)
    assert (figure.value, figure.low, figure.high, figure.alarm) == (None, -100, 100, None)
    assert of(0, 0, 0, Weights(2, 0.5)).low == -50


@given(counts, counts, st.integers(0, 1000), st.integers(1, 1000))
def test_more_answers_than_the_base_are_withheld(
    favourable: int, unfavourable: int, base: int, excess: int
) -> None:
    figure = difference(
        favourable,
        unfavourable,
        n=base + excess,
        base=base,
        base_of=Base.SERVED,
        formula="test/1",
    )
    assert (figure.value, figure.low, figure.high) == (None, -100, 100)
    assert figure.alarm is Alarm.BASE_INCONSISTENT


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_that_weighs_nothing_is_refused(weight: float) -> None:
    with pytest.raises(BadInput):
        Weights(favourable=weight)
    with pytest.raises(BadInput):
        Weights(unfavourable=weight)
