"""Rates before and after, with exact intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cases.problems.effectiveness import compared, rate
from hub.core.errors import BadInput


def test_published_limits_of_a_poisson_mean() -> None:
    ten = rate(10, 30)
    assert (round(ten.low, 4), round(ten.high, 4)) == (4.7954, 18.3904)
    none = rate(0, 30)
    assert (none.low, round(none.high, 4)) == (0.0, 3.6889)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [(20, 3, "better"), (5, 4, "uncertain"), (3, 20, "worse"), (0, 0, "uncertain")],
)
def test_verdicts(before: int, after: int, verdict: str) -> None:
    assert compared(before, 30, after, 30).verdict == verdict


@given(st.integers(0, 60), st.integers(0, 60), st.integers(14, 90), st.integers(14, 90))
def test_the_interval_holds_the_ratio(before: int, after: int, days: int, days_after: int) -> None:
    found = compared(before, days, after, days_after)
    assert found.low <= found.high
    if before:
        ratio = found.after.value / found.before.value
        assert found.low <= ratio * (1 + 1e-9)
        assert ratio <= found.high * (1 + 1e-9)


def test_too_few_days_say_nothing() -> None:
    with pytest.raises(BadInput):
        compared(5, 30, 0, 13)
