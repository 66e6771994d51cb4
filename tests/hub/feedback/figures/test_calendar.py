"""Days and weeks of a facility's calendar, and the hours that they have."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.feedback.figures.calendar import (
    LONGEST_DAYS,
    Step,
    hour_of_week,
    parts_of,
    spans,
    steady,
)
from hub.feedback.figures.origin import Period

MADRID = ZoneInfo("Europe/Madrid")
ZONES = st.sampled_from(
    ["UTC", "Europe/Madrid", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]
)
PERIODS = st.builds(
    lambda first, days: Period(first, first + timedelta(days=days)),
    st.dates(date(2005, 1, 1), date(2035, 1, 1)),
    st.integers(0, 80),
)


@given(PERIODS, st.sampled_from(Step), ZONES.map(ZoneInfo))
def test_steps_follow_each_other_without_gap_and_fill_the_period(
    period: Period, step: Step, zone: ZoneInfo
) -> None:
    found = spans(period, step, zone)
    assert [s.period for s in found] == parts_of(period, step)
    assert (found[0].period.first, found[-1].period.last) == (period.first, period.last)
    for before, after in pairwise(found):
        assert before.until_hour == after.from_hour
        assert before.period.last + timedelta(days=1) == after.period.first
    assert all(s.from_hour <= s.until_hour for s in found)


@given(PERIODS)
def test_weeks_begin_on_monday(period: Period) -> None:
    weeks = parts_of(period, Step.WEEK)
    assert all(week.first.weekday() == 0 for week in weeks[1:])
    assert all(week.last.weekday() == 6 for week in weeks[:-1])


@given(PERIODS)
def test_months_are_those_of_the_calendar(period: Period) -> None:
    months = parts_of(period, Step.MONTH)
    assert all(month.first.day == 1 for month in months[1:])
    assert all(month.first.month == month.last.month for month in months)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2025, 3, 30), 23), (date(2025, 6, 1), 24), (date(2025, 10, 26), 25)]
)
def test_a_day_has_the_hours_that_its_clocks_have(day: date, hours: int) -> None:
    (span,) = spans(Period(day, day), Step.DAY, MADRID)
    assert span.until_hour - span.from_hour == hours


def test_an_hour_of_the_week_is_told_by_the_facilitys_clocks() -> None:
    (monday,) = spans(Period(date(2025, 6, 9), date(2025, 6, 9)), Step.DAY, MADRID)
    assert hour_of_week(monday.from_hour, MADRID) == (0, 0)
    assert hour_of_week(monday.from_hour, ZoneInfo("UTC")) == (6, 22)


@settings(max_examples=30)
@given(PERIODS, st.integers(0, 300), (ZONES | st.just("Australia/Lord_Howe")).map(ZoneInfo))
def test_between_changes_of_the_clocks_weeks_are_alike(
    period: Period, more: int, zone: ZoneInfo
) -> None:
    period = Period(period.first, period.last + timedelta(days=more))
    (span,) = spans(period, Step.WHOLE, zone)
    stretches = list(steady(span, zone))
    covered = [hour for first, end in stretches for hour in range(first, end)]
    assert covered == list(range(span.from_hour, span.until_hour))
    for first, end in stretches:
        for hour in range(first, end):
            assert hour_of_week(hour, zone) == hour_of_week(first + (hour - first) % 168, zone)


def test_a_period_without_end_is_refused() -> None:
    longest = Period(date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=LONGEST_DAYS - 1))
    assert len(parts_of(longest, Step.DAY)) == LONGEST_DAYS
    with pytest.raises(BadInput):
        parts_of(Period(longest.first, longest.last + timedelta(days=1)), Step.WHOLE)
