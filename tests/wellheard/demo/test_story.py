"""The story of the demonstration: the same for the same seed and day, with what a dashboard should show in it."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wellheard.demo.cast import PEOPLE, PLACES, SCREENS
from wellheard.demo.story import (
    QUIET,
    QUIET_DAYS,
    WORSE,
    WORSE_DAYS,
    Told,
    came_near,
    clients_on,
    told_on,
)

MONDAY = date(2026, 3, 2)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
AGO = st.integers(0, 40)
SEEDS = st.integers(0, 5)


def weeks(seed: int = 1) -> dict[int, list[Told]]:
    """Five weeks before a Monday, by how long ago."""
    return {ago: told_on(MONDAY - timedelta(days=ago), ago, seed) for ago in range(1, 36)}


def recommended(told: list[Told], who: str) -> float:
    values = Counter(t.value for t in told if t.employee == who and t.asks == "recommend")
    return values["yes"] / (values["yes"] + values["no"])


@given(day=DAYS, ago=AGO, seed=SEEDS)
def test_the_same_day_is_told_alike_and_never_impossible(day: date, ago: int, seed: int) -> None:
    told = told_on(day, ago, seed)
    assert told == told_on(day, ago, seed)
    assert told == sorted(told, key=lambda answer: answer.second)
    served, answered = (
        clients_on(day, told, seed),
        Counter(PLACES[t.touchpoint].facility for t in told),
    )
    assert served == clients_on(day, told, seed)
    assert all(served[facility, ""] >= count for facility, count in answered.items())
    near = came_near(day, told, seed)
    at_screens = Counter(t.touchpoint for t in told)
    for device, place in SCREENS.items():
        mine = [seen for (d, _), seen in near.items() if d == device]
        assert sum(seen.approaches for seen in mine) >= at_screens[place]
        assert all(seen.looked <= seen.approaches for seen in mine)
        assert all(seen.looked_ms <= seen.dwell_ms for seen in mine)


def test_everybody_named_exists() -> None:
    assert {who for place in PLACES.values() for who in place.employees} <= PEOPLE.keys()
    assert set(SCREENS) == {place.device for place in PLACES.values()}


def test_somebody_gets_worse_and_one_place_falls_silent() -> None:
    told = weeks()
    before = [t for ago in told if ago >= WORSE_DAYS for t in told[ago]]
    since = [t for ago in told if ago < WORSE_DAYS for t in told[ago]]
    assert recommended(before, WORSE) - recommended(since, WORSE) > 0.2
    assert abs(recommended(before, "nuria-font") - recommended(since, "nuria-font")) < 0.15
    silent = {ago for ago in told if not any(t.touchpoint == QUIET for t in told[ago])}
    assert set(range(1, QUIET_DAYS)) <= silent
    assert all((MONDAY - timedelta(days=ago)).weekday() == 6 for ago in silent if ago >= QUIET_DAYS)


def test_weekdays_and_hours_differ() -> None:
    told = weeks()
    by_weekday = Counter(
        (MONDAY - timedelta(days=ago)).weekday() for ago in told for _ in told[ago]
    )
    assert by_weekday[0] > 2 * by_weekday[5] > 2 * by_weekday[6] > 0
    hours = Counter(t.second // 3600 for day in told.values() for t in day)
    assert min(hours) >= 8
    assert max(hours) <= 20
    assert hours[11] > 2 * hours[8]


def test_whoever_may_be_called_was_unhappy() -> None:
    calls = [t for day in weeks().values() for t in day if t.call is not None]
    assert len(calls) > 50
    assert {t.value for t in calls} == {"no"}
    assert all(t.call is not None and t.call.phone.startswith("+447700900") for t in calls)
