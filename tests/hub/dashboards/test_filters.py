"""What an address asks for: days of a period, the ones before it, and the same address again."""

from datetime import date, timedelta
from urllib.parse import parse_qs

from hypothesis import given
from hypothesis import strategies as st

from hub.core.scope import Scope
from hub.dashboards.filters import Filters, Period, before

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(st.sampled_from(Period), days)
def test_a_period_ends_today_and_the_one_before_is_as_long(period: Period, today: date) -> None:
    now = Filters(period=period).days(today)
    earlier = before(now)
    assert now.last == today
    assert earlier.last == now.first - timedelta(days=1)
    assert earlier.last - earlier.first == now.last - now.first


@given(days, days, days)
def test_a_range_may_be_given_the_wrong_way_round(first: date, last: date, today: date) -> None:
    found = Filters(first=first, last=last).days(today)
    assert (found.first, found.last) == (min(first, last), max(first, last))


@given(st.sampled_from(Period), st.none() | days, st.sampled_from([None, "north", "a-1"]))
def test_an_address_leads_back_to_itself(
    period: Period, first: date | None, place: str | None
) -> None:
    asked = Filters(period=period, first=first, facility=place, employee=place)
    fields = {name: value for name, [value] in parse_qs(asked.query()[1:]).items()}
    assert Filters.model_validate(fields) == asked
    assert "employee" not in asked.query(employee=None)


def test_blank_fields_of_a_form_ask_for_everything() -> None:
    blank = Filters.model_validate(dict.fromkeys(Filters.model_fields, ""))
    assert (blank, blank.query()) == (Filters(), "")


def test_a_facility_outside_the_scope_leaves_nothing() -> None:
    north = Scope("clinic", frozenset({"north"}))
    assert Filters(facility="south").within(north).facilities == frozenset()
    assert Filters(facility="north").within(Scope("clinic")) == north
