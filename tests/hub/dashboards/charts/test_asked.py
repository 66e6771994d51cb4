"""Steps of a chart: whole ones from their beginning, and never more than can be read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.dashboards.charts.asked import ChartFilters, aligned, is_whole
from hub.feedback.figures.calendar import Step, parts_of
from hub.feedback.figures.origin import Period as Days

DAYS = st.builds(
    lambda first, length: Days(first, first + timedelta(days=length)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 400),
)
STEPS = st.sampled_from([Step.DAY, Step.WEEK, Step.MONTH])


@given(DAYS, STEPS, st.integers(0, 500))
def test_only_the_last_step_may_be_unfinished(days: Days, step: Step, later: int) -> None:
    today = days.last + timedelta(days=later)
    parts = parts_of(aligned(days, step), step)
    assert parts[0].first <= days.first
    assert all(is_whole(part, step, today) for part in parts[:-1])
    assert is_whole(parts[-1], step, days.last) is False


@pytest.mark.parametrize(
    ("length", "asked", "step"),
    [
        (30, None, Step.DAY),
        (90, None, Step.WEEK),
        (365, None, Step.MONTH),
        (365, "day", Step.DAY),
        (1000, "day", Step.MONTH),
        (30, "month", Step.MONTH),
    ],
)
def test_a_step_suits_its_period(length: int, asked: str | None, step: Step) -> None:
    today = date(2025, 6, 15)
    days = Days(today - timedelta(days=length - 1), today)
    assert ChartFilters.model_validate({"step": asked}).stepped(days) is step
