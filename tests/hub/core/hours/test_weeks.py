"""Hours as people type them and as they are stored are the same hours."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.core.hours.public_holidays import coming, region_names, regions
from hub.core.hours.weeks import lines, written
from hub.core.hours.working_time import Calendar, checked

MOMENT = st.integers(0, 23 * 60 + 59).map(lambda m: f"{m // 60:02}:{m % 60:02}")
LINES = st.lists(st.tuples(MOMENT, MOMENT).map("-".join), max_size=2).map(", ".join)


@given(st.lists(LINES, min_size=7, max_size=7))
def test_a_week_comes_back_as_it_was_filled_in(week: list[str]) -> None:
    if any(week):
        assert lines(written(week)) == week


@given(st.text())
def test_whatever_is_stored_never_fails(hours: str) -> None:
    week = lines(hours)
    assert week is None or len(week) == 7


def test_as_a_tired_person_types_it() -> None:
    week = ["9-13, 14:00–17:30", "09.00 - 17.00", "", "", "9:00-14:00;16-20", "", "0-24"]
    assert written(week) == (
        "Mo 09:00-13:00,14:00-17:30; Tu 09:00-17:00; Fr 09:00-14:00,16:00-20:00; Su 00:00-24:00"
    )
    assert checked(Calendar(written(week), "Europe/Madrid"))


def test_equal_days_are_one_rule() -> None:
    assert written(["9-17"] * 5 + [""] * 2) == "Mo-Fr 09:00-17:00"


@pytest.mark.parametrize("line", ["nine to five", "25-26", "9:75-10:00", "9", "9-24:30"])
def test_what_is_no_hour_names_its_day(line: str) -> None:
    with pytest.raises(BadInput) as refused:
        written(["", "", line, "", "", "", ""])
    assert refused.value.field == "day2"


@pytest.mark.parametrize(
    "hours", ["Mo-Fr 09:00-17:00; Dec 24 off", "24/7", "Fr-Mo 09:00-12:00", "PH off"]
)
def test_what_no_week_can_say_is_left_alone(hours: str) -> None:
    assert lines(hours) is None


def test_holidays_have_names_and_regions() -> None:
    assert "CT" in regions()["ES"]
    assert region_names("ES")["CT"] == "Cataluña"
    assert region_names("XX") == {}
    calendar = Calendar("Mo-Fr 09:00-17:00", "Europe/Madrid", "ES", "CT", (date(2026, 9, 24),))
    found = dict(coming(calendar, date(2026, 9, 1), 30, "es"))
    assert set(found) == {date(2026, 9, 11), date(2026, 9, 24)}
    assert found[date(2026, 9, 11)]
