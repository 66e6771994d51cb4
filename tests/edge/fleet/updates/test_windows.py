"""When a release may be installed, by the clocks of the place, summer time and all."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.jobs import DAY_MINUTES, Window
from edge.fleet.updates.windows import UnknownZone, is_open

MADRID = ZoneInfo("Europe/Madrid")
EVERY_DAY = list(range(7))
minutes = st.integers(0, DAY_MINUTES - 1)
moments = st.integers(1_700_000_000, 1_900_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


def window(
    starts: str, ends: str, days: list[int] | None = None, zone: str = "Europe/Madrid"
) -> Window:
    return Window(zone=zone, starts=_minute(starts), ends=_minute(ends), days=days or EVERY_DAY)


def at(local: str, fold: int = 0) -> int:
    moment = datetime.fromisoformat(local).replace(tzinfo=MADRID, fold=fold)
    return int(moment.timestamp() * 1000)


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-11-23T01:59", False),
        ("2026-11-23T02:00", True),
        ("2026-11-23T03:59", True),
        ("2026-11-23T04:00", False),
    ],
)
def test_it_opens_and_closes_by_the_minute(local: str, expected: bool) -> None:
    assert is_open([window("02:00", "04:00")], at(local)) is expected


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-11-20T23:00", True),  # a Friday
        ("2026-11-21T03:59", True),  # its night
        ("2026-11-21T23:00", False),  # a Saturday, which has none
        ("2026-11-20T03:59", False),  # Thursday's night
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(local: str, expected: bool) -> None:
    assert is_open([window("22:00", "04:00", [4])], at(local)) is expected


def test_the_hour_that_comes_twice_is_open_twice_and_the_one_that_is_left_out_never() -> None:
    autumn = [window("02:00", "03:00")]
    assert is_open(autumn, at("2026-10-25T02:30", fold=0))
    assert is_open(autumn, at("2026-10-25T02:30", fold=1))
    spring = datetime(2026, 3, 29, 0, 0, tzinfo=MADRID).timestamp()
    day = [int((spring + 60 * minute) * 1000) for minute in range(23 * 60)]
    assert not any(is_open(autumn, moment) for moment in day)


def test_the_hub_may_be_in_another_zone() -> None:
    assert is_open([window("02:00", "03:00", zone="America/Bogota")], at("2026-11-23T08:30"))
    assert not is_open([window("02:00", "03:00", zone="America/Bogota")], at("2026-11-23T02:30"))


def test_without_windows_it_is_always_open_and_a_zone_that_nobody_knows_is_an_error() -> None:
    assert is_open([], 0)
    for zone in ("Europe/Atlantis", "../../etc/passwd"):
        with pytest.raises(UnknownZone):
            is_open([window("02:00", "03:00", zone=zone)], 0)


@given(moments, minutes, minutes, st.sets(st.integers(0, 6), min_size=1))
def test_a_window_and_its_opposite_never_agree_on_whole_weeks(
    moment: datetime, starts: int, ends: int, days: set[int]
) -> None:
    at_ms = int(moment.timestamp() * 1000)
    chosen = Window(zone="Europe/Madrid", starts=starts, ends=ends, days=sorted(days))
    opposite = Window(zone="Europe/Madrid", starts=ends, ends=starts, days=EVERY_DAY)
    if starts != ends:
        assert not (is_open([chosen], at_ms) and is_open([opposite], at_ms))
        everyday = chosen.model_copy(update={"days": EVERY_DAY})
        assert is_open([everyday], at_ms) != is_open([opposite], at_ms)


@given(moments)
def test_a_week_later_it_is_the_same_unless_the_clocks_have_been_changed(moment: datetime) -> None:
    later = moment + timedelta(days=7)
    if moment.astimezone(MADRID).utcoffset() == later.astimezone(MADRID).utcoffset():
        nights = [window("22:00", "04:30", [0, 3])]
        first, second = (int(one.timestamp() * 1000) for one in (moment, later))
        assert is_open(nights, first) == is_open(nights, second)
