"""Control charts: the examples of textbooks, and what holds for every series."""

from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.feedback.figures.control import (
    FEWEST_POINTS,
    LONG_RUN,
    ControlChart,
    Counted,
    Judged,
    Signal,
    chart_of_counts,
    chart_of_differences,
    long_runs,
    usual_spread,
)

ORDERS = [
    100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90,
]  # fmt: skip
WITH_ERRORS = [
    12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9,
]  # fmt: skip
LOANS = [
    310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304,
]  # fmt: skip

COUNTED = st.integers(1, 400).flatmap(
    lambda base: st.integers(0, base).flatmap(
        lambda yes: st.builds(Counted, st.just(yes), st.integers(0, base - yes), st.just(base))
    )
)
SERIES = st.lists(st.none() | COUNTED, min_size=FEWEST_POINTS, max_size=40)


def judged(chart: ControlChart | None) -> list[Judged]:
    assert chart is not None
    return [point for point in chart.points if point is not None]


def test_purchase_orders_with_errors() -> None:
    """Montgomery, Introduction to Statistical Quality Control, the p chart with a sample size that varies."""
    points = [Counted(bad, 0, all_) for bad, all_ in zip(WITH_ERRORS, ORDERS, strict=True)]
    chart = chart_of_differences(points)
    assert chart is not None
    assert round(chart.centre, 1) == 9.6
    limits = {n: (p.lower, p.upper) for n, p in zip(ORDERS, judged(chart), strict=True)}
    expected = {80: 19.4, 90: 18.9, 100: 18.4, 110: 18.0, 120: 17.6}
    assert {n: round(upper, 1) for n, (_, upper) in limits.items()} == pytest.approx(
        expected, abs=0.11
    )
    assert {round(limits[80][0]), round(limits[120][0])} == {0, 2}
    outside = [place for place, p in enumerate(judged(chart)) if p.signal is Signal.OUTSIDE]
    assert outside == [10]


def test_costs_of_mortgage_loans() -> None:
    """The same book, the control chart for individual measurements: 279.78, 300.5, 321.22."""
    assert 3 * usual_spread(LOANS) == pytest.approx(20.72, abs=0.005)


def test_a_constant_base_makes_laneys_chart_the_one_of_individuals() -> None:
    """Laney (2002): where all bases are the same the p′ chart is the XmR chart of the shares."""
    percent = [42, 56, 44, 55, 41, 52, 58, 45, 54, 43, 57, 46]
    chart = chart_of_differences([Counted(10 * share, 0, 1000) for share in percent])
    mean, width = sum(percent) / len(percent), 3 * usual_spread(percent)
    for point in judged(chart):
        assert (point.lower, point.upper) == pytest.approx((mean - width, mean + width))


def test_counts_that_vary_by_chance_alone_have_the_limits_of_shewharts_c_chart() -> None:
    chart = chart_of_counts([16, 15, 17, 16, 15, 17, 16, 16, 15, 17])
    assert {(p.lower, p.upper) for p in judged(chart)} == {(4.0, 28.0)}


@given(st.lists(st.integers(0, 10**6), min_size=FEWEST_POINTS, max_size=40))
def test_limits_of_counts_enclose_the_centre_and_are_no_narrower_than_chance(
    counts: list[int],
) -> None:
    chart = chart_of_counts(counts)
    assert chart is not None
    for point in judged(chart):
        assert 0 <= point.lower <= chart.centre <= point.upper
        assert point.upper - chart.centre >= 3 * sqrt(chart.centre) * (1 - 1e-9)


@given(SERIES)
def test_limits_enclose_the_centre_and_signals_tell_where_points_lie(
    series: list[Counted | None],
) -> None:
    chart = chart_of_differences(series)
    assume(chart is not None)
    assert chart is not None
    for counted, point in zip(series, chart.points, strict=True):
        assert (counted is None) == (point is None)
        if counted is None or point is None:
            continue
        assert -100 <= point.lower <= chart.centre + 1e-9
        assert chart.centre - 1e-9 <= point.upper <= 100
        value = 100 * (counted.favourable - counted.unfavourable) / counted.base
        is_outside = not point.lower - 1e-9 <= value <= point.upper + 1e-9
        assert not is_outside or point.signal is Signal.OUTSIDE


@given(SERIES)
def test_swapping_favourable_and_unfavourable_mirrors_the_chart(
    series: list[Counted | None],
) -> None:
    assume(any(point and point.favourable for point in series))
    assume(any(point and point.unfavourable for point in series))
    swapped = [p and Counted(p.unfavourable, p.favourable, p.base) for p in series]
    chart, mirrored = chart_of_differences(series), chart_of_differences(swapped)
    assert (chart is None) == (mirrored is None)
    if chart is None or mirrored is None:
        return
    assert mirrored.centre == pytest.approx(-chart.centre)
    for one, other in zip(judged(chart), judged(mirrored), strict=True):
        assert (other.lower, other.upper) == pytest.approx((-one.upper, -one.lower), abs=1e-6)


@given(SERIES, st.data())
def test_gaps_change_nothing(series: list[Counted | None], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(series)))
    with_gap = [*series[:place], None, *series[place:]]
    one, other = chart_of_differences(series), chart_of_differences(with_gap)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert judged(one) == judged(other)


def test_too_few_points_are_not_judged() -> None:
    few = [Counted(1, 0, 10)] * (FEWEST_POINTS - 1)
    assert chart_of_differences([*few, None]) is None
    assert chart_of_differences([*few, Counted(0, 0, 0)]) is None
    assert chart_of_differences([*few, few[0]]) is not None
    assert chart_of_counts([5] * (FEWEST_POINTS - 1)) is None


def test_a_long_run_is_found_though_a_point_lies_on_the_line() -> None:
    run = [1.0] * (LONG_RUN - 1)
    assert long_runs([-1, *run, -1]) == [False] * (LONG_RUN + 1)
    assert long_runs([-1, *run, 0, 1, -1]) == [False, *[True] * (LONG_RUN - 1), False, True, False]


def test_a_shift_is_told_as_a_run() -> None:
    before, after = Counted(50, 10, 100), Counted(56, 10, 100)
    chart = chart_of_differences([before, after] * 3 + [before] * 8 + [after] * 8)
    signals = [point.signal for point in judged(chart)]
    assert signals[:5] == [None] * 5
    assert signals[-8:] == [Signal.RUN] * 8


def test_one_point_far_outside_makes_no_run_of_the_others() -> None:
    usual = [Counted(50, 10, 100), Counted(54, 10, 100)] * 6
    chart = chart_of_differences([*usual, Counted(5, 80, 100)])
    assert [p.signal for p in judged(chart)] == [None] * 12 + [Signal.OUTSIDE]


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=30), st.floats(-50, 50))
def test_the_spread_is_that_of_the_neighbours_wherever_they_lie(
    values: list[float], moved: float
) -> None:
    spread = usual_spread(values)
    assert spread >= 0
    assert usual_spread([value + moved for value in values]) == pytest.approx(spread, abs=1e-6)


def test_an_upheaval_is_no_measure_of_the_usual() -> None:
    calm = [10.0, 12.0] * 10
    assert usual_spread([*calm, 400.0]) == pytest.approx(usual_spread(calm))
