"""Pure: which terminals a rollout means, and what a form of maintenance hours means."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.fleet.rollouts.hours_form import Row, clock, read, rows_of, typed
from hub.fleet.rollouts.schemas import DayWindow
from hub.fleet.rollouts.selecting import selected


@dataclass(frozen=True)
class Placed:
    device: str
    facility: str
    status: str


PLACES, WORDS = ("north", "south", "west"), ("lobby", "pilot", "old")
FLEETS = st.lists(
    st.builds(
        Placed,
        device=st.integers(1, 99).map("t-{}".format),
        facility=st.sampled_from(PLACES),
        status=st.sampled_from(("active", "stopped", "revoked")),
    ),
    unique_by=lambda one: one.device,
)
SOME_PLACES, SOME_WORDS = st.sets(st.sampled_from(PLACES)), st.sets(st.sampled_from(WORDS))


@given(FLEETS, st.data(), SOME_PLACES, SOME_WORDS)
def test_both_must_hold_where_both_are_named(
    fleet: list[Placed], data: st.DataObject, places: set[str], words: set[str]
) -> None:
    tags = {one.device: data.draw(SOME_WORDS.map(frozenset), one.device) for one in fleet}
    found = set(selected(fleet, tags, facilities=places, wanted=words))
    for one in fleet:
        there = not places or one.facility in places
        so_called = not words or tags[one.device] & words
        meant = bool(places or words) and there and so_called and one.status != "revoked"
        assert (one.device in found) == bool(meant)


WINDOWS = st.lists(
    st.builds(
        DayWindow,
        starts=st.integers(0, 1439),
        ends=st.integers(0, 1439),
        days=st.sets(st.integers(0, 6), min_size=1).map(sorted),
    ),
    max_size=14,
)


@given(WINDOWS)
def test_hours_come_out_of_their_form_as_they_went_in(windows: list[DayWindow]) -> None:
    fields: dict[str, list[str]] = {}
    for number, row in enumerate(rows_of(windows)):
        fields[f"starts-{number}"], fields[f"ends-{number}"] = [row.starts], [row.ends]
        fields[f"days-{number}"] = [str(day) for day in row.days]
    assert read(typed(fields)) == windows


@pytest.mark.parametrize(("text", "right"), [("0:00", 0), ("05:07", 307), ("23:59", 1439)])
def test_a_minute_of_the_day(text: str, right: int) -> None:
    (window,) = read([Row(text, "05:00", (0,))])
    assert window.starts == right
    assert clock(right).endswith(text)


@pytest.mark.parametrize("text", ["", "5", "5:0", "12:60", "24:00"])
def test_what_is_no_time_is_named(text: str) -> None:
    with pytest.raises(BadInput) as wrong:
        read([Row("05:00", text, (0,))])
    assert wrong.value.field == "ends-0"
