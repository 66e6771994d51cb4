"""Attempts to call: spread, none repeated while others are free, and the patient's own wish first."""

from collections import Counter
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.cases.calling.planning import ATTEMPTS, PARTS, Part, Slot, Wish, part_of, plan

MADRID = ZoneInfo("Europe/Madrid")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda wall: wall.replace(tzinfo=MADRID)
)
PART = st.sampled_from(list(Part))
WISHES = st.builds(Wish, part=PART, weekday=st.none() | st.integers(0, 5))


def free_keys(now: datetime) -> set[tuple[int, Part]]:
    days = [now.date() + timedelta(days=n) for n in range(10)]
    return {
        (day.weekday(), part)
        for day in days
        for part, (_, ends) in PARTS.items()
        if day.weekday() < 6 and now < datetime.combine(day, ends, MADRID)
    }


def check(slots: list[Slot], now: datetime) -> None:
    assert len(slots) == ATTEMPTS
    assert len({slot.part for slot in slots}) >= 3
    assert len({slot.day.weekday() for slot in slots}) >= 3
    assert max(Counter(slot.key for slot in slots).values()) == 1
    for slot in slots:
        begins, ends = PARTS[slot.part]
        assert now <= slot.at < now + timedelta(days=10)
        assert begins <= slot.at.time() < ends
        assert part_of(slot.at.time()) is slot.part


@settings(max_examples=400, deadline=None)
@given(MOMENTS)
def test_six_attempts_within_ten_days(now: datetime) -> None:
    slots = plan(now)
    check(slots, now)
    assert [slot.at for slot in slots] == sorted(slot.at for slot in slots)
    assert (slots[0].at - now) < timedelta(hours=39), (
        "the first is soon, from Saturday night on Monday"
    )


@settings(max_examples=200, deadline=None)
@given(MOMENTS, WISHES)
def test_what_the_patient_wished_comes_first(now: datetime, wish: Wish) -> None:
    slots = plan(now, wish=wish)
    check(slots, now)
    assert wish.fits(slots[0])


def test_a_wished_moment_is_kept_to_the_minute() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=MADRID)
    at = datetime(2026, 11, 25, 10, 10, tzinfo=MADRID)
    assert plan(now, wish=Wish(at=at))[0].at == at


@settings(max_examples=200, deadline=None)
@given(MOMENTS, st.data())
def test_nothing_is_repeated_before_what_is_free_is_used(
    now: datetime, data: st.DataObject
) -> None:
    free = sorted(free_keys(now))
    tried = data.draw(st.lists(st.sampled_from(free), max_size=5))
    slots = plan(now, tried=tried)
    assert len(slots) == ATTEMPTS - len(tried)
    assert not {slot.key for slot in slots} & set(tried)


def test_where_little_is_free_times_are_used_again_rather_than_never() -> None:
    now = datetime(2026, 11, 23, 8, 0, tzinfo=MADRID)
    morning = {Part.MORNING: (time(9, 30), time(12))}
    slots = plan(now, parts=morning, may_call=lambda day: day.weekday() == 0)
    assert [slot.day.isoformat() for slot in slots] == ["2026-11-23", "2026-11-30"]


def test_enough_is_enough() -> None:
    now = datetime(2026, 11, 23, 8, 0, tzinfo=MADRID)
    assert plan(now, tried=[(0, Part.MORNING)] * ATTEMPTS) == []
