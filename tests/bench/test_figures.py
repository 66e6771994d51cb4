"""From measurements to figures."""

from hypothesis import given
from hypothesis import strategies as st

from bench.apparatus.figures import goal, percentile, ratios, spread

measured = st.lists(st.floats(min_value=0.001, max_value=1e9), min_size=1, max_size=50)


@given(measured, st.floats(min_value=0.01, max_value=1))
def test_a_percentile_is_the_least_value_with_that_share_at_or_below_it(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values)


@given(measured)
def test_the_spread_holds_the_median(values: list[float]) -> None:
    found = spread(values, digits=6)
    assert found["min"] <= found["median"] <= found["max"]
    assert found["rounds"] == len(values)


def test_ratios_are_of_values_of_the_same_round() -> None:
    assert ratios([10, 40], [20, 10])["min"] == 0.5
    assert ratios([10, 40], [20, 10])["max"] == 4


def test_a_goal_is_met_or_not() -> None:
    assert goal("fast", 3.0, at_least=3)["met"]
    assert not goal("fast", 2.9, at_least=3)["met"]
    assert goal("small", 1.0, at_most=1)["met"]
    assert not goal("small", 1.1, at_most=1)["met"]
