"""Working time: the agreed vector, and others over split shifts, holidays, nights and changes of the clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.core.hours.working_time import (
    Calendar,
    after,
    checked,
    end_of_working_day,
    is_working,
    open_spans,
    working_ms,
)

MADRID = "Europe/Madrid"
OFFICE = Calendar("Mo-Fr 09:00-17:00", MADRID)
SPLIT = Calendar("Mo-Fr 09:00-13:00,14:00-17:00", MADRID)
SIESTA = Calendar("Mo-Fr 09:00-14:00,16:30-20:00; Sa 09:00-13:00", MADRID)
SPAIN = Calendar("Mo-Fr 09:00-17:00", MADRID, "ES")
CATALONIA = Calendar("Mo-Fr 09:00-17:00", MADRID, "ES", "CT")
MOSCOW = Calendar("Mo-Fr 09:00-18:00", "Europe/Moscow", "RU")
ALWAYS = Calendar("24/7", MADRID)
NIGHTS = Calendar("Mo-Su 22:00-06:00", MADRID)
SMALL_HOURS = Calendar("Mo-Su 00:00-06:00", MADRID)
WEEK_NIGHTS = Calendar("Mo-Fr 20:00-08:00", MADRID, closed=(date(2026, 12, 2),))  # a Wednesday
CLOSED_MONDAY = Calendar("Mo-Fr 09:00-17:00", MADRID, closed=(date(2026, 11, 30),))
NEW_YORK = Calendar("Mo-Fr 09:00-17:00", "America/New_York", "US")
ADELAIDE = Calendar("24/7", "Australia/Lord_Howe")

AFTER = [
    # 2026-11-27 is a Friday
    (OFFICE, "2026-11-27 16:30", 60, "2026-11-30 09:30"),  # the vector of the formulae
    (OFFICE, "2026-11-27 16:00", 60, "2026-11-27 17:00"),
    (OFFICE, "2026-11-27 17:00", 60, "2026-11-30 10:00"),
    (OFFICE, "2026-11-28 12:00", 60, "2026-11-30 10:00"),
    (OFFICE, "2026-11-27 08:00", 60, "2026-11-27 10:00"),
    (OFFICE, "2026-11-27 16:59", 1, "2026-11-27 17:00"),
    (OFFICE, "2026-11-27 09:00", 5 * 480, "2026-12-03 17:00"),
    (OFFICE, "2026-11-27 16:30", 0, "2026-11-27 16:30"),
    (SPLIT, "2026-11-26 12:30", 60, "2026-11-26 14:30"),
    (SPLIT, "2026-11-26 13:15", 60, "2026-11-26 15:00"),
    (SPLIT, "2026-11-27 16:30", 60, "2026-11-30 09:30"),
    (SPLIT, "2026-11-27 12:59", 4 * 60 + 1, "2026-11-30 10:00"),
    (SIESTA, "2026-11-27 19:30", 60, "2026-11-28 09:30"),
    (SIESTA, "2026-11-28 12:30", 60, "2026-11-30 09:30"),
    (SIESTA, "2026-11-27 13:30", 60, "2026-11-27 17:00"),
    (SPAIN, "2026-12-07 16:30", 60, "2026-12-09 09:30"),  # the 8th is a holiday
    (SPAIN, "2026-12-24 16:30", 60, "2026-12-28 09:30"),
    (SPAIN, "2026-12-25 12:00", 60, "2026-12-28 10:00"),
    (SPAIN, "2026-12-31 16:30", 60, "2027-01-04 09:30"),  # New Year's Day is a Friday
    (CATALONIA, "2026-09-10 16:30", 60, "2026-09-14 09:30"),  # the Diada, a Friday
    (SPAIN, "2026-09-10 16:30", 60, "2026-09-11 09:30"),  # which the rest of Spain works
    (CLOSED_MONDAY, "2026-11-27 16:30", 60, "2026-12-01 09:30"),
    (MOSCOW, "2026-12-31 12:00", 60, "2027-01-11 10:00"),  # the long New Year holidays
    (MOSCOW, "2026-06-11 17:30", 60, "2026-06-15 09:30"),  # Russia Day, a Friday
    (NEW_YORK, "2026-11-25 16:30", 60, "2026-11-27 09:30"),  # Thanksgiving
    # over the changes of the clock, on Sundays 2026-03-29 and 2026-10-25 in Madrid
    (OFFICE, "2026-03-27 16:30", 60, "2026-03-30 09:30"),
    (OFFICE, "2026-10-23 16:30", 60, "2026-10-26 09:30"),
    (ALWAYS, "2026-03-29 01:30", 60, "2026-03-29 03:30"),
    (ALWAYS, "2026-10-25 01:30", 120, "2026-10-25 02:30"),  # the second 02:30
    (ALWAYS, "2026-10-24 12:00", 24 * 60, "2026-10-25 11:00"),
    (SMALL_HOURS, "2026-03-29 00:00", 5 * 60, "2026-03-29 06:00"),
    (SMALL_HOURS, "2026-10-25 00:00", 7 * 60, "2026-10-25 06:00"),
    (NIGHTS, "2026-03-28 22:00", 7 * 60, "2026-03-29 06:00"),
    (NIGHTS, "2026-10-24 22:00", 9 * 60, "2026-10-25 06:00"),
    (NIGHTS, "2026-11-27 05:30", 60, "2026-11-27 22:30"),
    # a night belongs to the day on which it begins
    (WEEK_NIGHTS, "2026-12-01 23:00", 12 * 60, "2026-12-03 23:00"),
    (WEEK_NIGHTS, "2026-12-02 12:00", 60, "2026-12-03 21:00"),
    (WEEK_NIGHTS, "2026-12-05 07:00", 120, "2026-12-07 21:00"),
    (ADELAIDE, "2026-04-05 00:00", 24 * 60, "2026-04-05 23:30"),  # half an hour is gained there
]  # fmt: skip

SECOND_TIME = "2026-10-25 02:30"


def ms(calendar: Calendar, wall: str) -> int:
    there = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(calendar.time_zone))
    return int(there.replace(fold=int(wall == SECOND_TIME)).timestamp() * 1000)


@pytest.mark.parametrize(("calendar", "start", "minutes", "end"), AFTER)
def test_vectors(calendar: Calendar, start: str, minutes: int, end: str) -> None:
    begins, ends = ms(calendar, start), ms(calendar, end)
    assert after(calendar, begins, minutes * 60_000) == ends
    assert working_ms(calendar, begins, ends) == minutes * 60_000


@pytest.mark.parametrize(
    ("calendar", "start", "days", "end"),
    [
        (OFFICE, "2026-11-23 10:00", 3, "2026-11-26 17:00"),
        (OFFICE, "2026-11-23 18:00", 1, "2026-11-24 17:00"),
        (OFFICE, "2026-11-27 10:00", 1, "2026-11-30 17:00"),
        (OFFICE, "2026-11-28 10:00", 1, "2026-11-30 17:00"),
        (SIESTA, "2026-11-27 10:00", 1, "2026-11-28 13:00"),
        (SPAIN, "2026-12-04 10:00", 2, "2026-12-09 17:00"),
        (OFFICE, "2026-10-23 10:00", 1, "2026-10-26 17:00"),
    ],
)
def test_so_many_working_days(calendar: Calendar, start: str, days: int, end: str) -> None:
    assert end_of_working_day(calendar, ms(calendar, start), days) == ms(calendar, end)


@pytest.mark.parametrize(
    ("hours", "day_off", "spans"),
    [
        ("Mo-Su 20:00-08:00", "", ["30 20:00-01 08:00", "01 20:00-02 08:00", "03 20:00-04 08:00"]),
        ("Mo-Su 20:00-08:00", "10:00-12:00", [
            "30 20:00-01 08:00", "01 20:00-02 08:00", "02 10:00-02 12:00", "03 20:00-04 08:00",
        ]),
        ("Tu 20:00-26:00,08:00-12:00; We 09:00-17:00", "", ["01 08:00-01 12:00", "01 20:00-02 02:00"]),
        ("Mo 20:00-08:00; Tu 09:00-17:00", "", ["30 20:00-01 08:00", "01 09:00-01 17:00"]),
        ("Mo 20:00-00:00; Tu off", "22:00-06:00", ["30 20:00-01 00:00", "02 22:00-03 06:00"]),
        ("24/7", "", ["30 12:00-02 00:00", "03 00:00-04 12:00"]),
        ("Tu-Su 20:00-10:00; Th", "", ["01 20:00-02 10:00", "03 00:00-04 00:00"]),
        ("Mo-Th sunset-22:00", "", ["30 19:00-30 22:00", "01 19:00-01 22:00", "03 19:00-03 22:00"]),
    ],
)  # fmt: skip
def test_nights_around_a_day_with_hours_of_its_own(
    hours: str, day_off: str, spans: list[str]
) -> None:
    """From Monday noon to Friday noon; the Wednesday is special."""
    calendar = checked(Calendar(hours, MADRID, special=((date(2026, 12, 2), day_off),)))
    since, until = ms(calendar, "2026-11-30 12:00"), ms(calendar, "2026-12-04 12:00")
    found = [
        (wall(max(opens, since)), wall(min(closes, until)))
        for opens, closes in open_spans(calendar, since, until)
    ]
    assert [f"{opens}-{closes}" for opens, closes in found] == spans


def wall(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, ZoneInfo(MADRID)):%d %H:%M}"


@pytest.mark.parametrize(
    ("wall", "working"), [("08:59", False), ("09:00", True), ("16:59", True), ("17:00", False)]
)
def test_whether_somebody_works(wall: str, working: bool) -> None:
    assert is_working(OFFICE, ms(OFFICE, f"2026-11-27 {wall}")) is working


YEAR_MS = 365 * 24 * 3_600_000
BEGIN_MS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
MOMENTS = st.integers(BEGIN_MS, BEGIN_MS + YEAR_MS)
CALENDARS = st.sampled_from([OFFICE, SIESTA, CATALONIA, ALWAYS, NIGHTS, SMALL_HOURS, ADELAIDE])


@settings(max_examples=60, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(1, 20_000))
def test_exactly_so_much_work_lies_before_the_deadline(
    calendar: Calendar, start: int, minutes: int
) -> None:
    due = after(calendar, start, minutes * 60_000)
    assert working_ms(calendar, start, due) == minutes * 60_000
    assert working_ms(calendar, start, due - 1) == minutes * 60_000 - 1


@settings(max_examples=60, deadline=None)
@given(CALENDARS, MOMENTS, st.integers(0, 10**9), st.integers(0, 10**9))
def test_spans_add_up(calendar: Calendar, start: int, first: int, second: int) -> None:
    middle, end = start + first, start + first + second
    whole = working_ms(calendar, start, end)
    assert whole == working_ms(calendar, start, middle) + working_ms(calendar, middle, end)
    assert 0 <= whole <= end - start


@pytest.mark.parametrize(
    ("calendar", "field"),
    [
        (Calendar("nine to five", MADRID), "hours"),
        (Calendar("Mo-Fr off", MADRID), "hours"),
        (Calendar("Mo-Fr 09:00-17:00", MADRID, "ZZ"), "country"),
        (Calendar("Mo-Fr 09:00-17:00", MADRID, "ES", "ZZ"), "country"),
    ],
)
def test_a_calendar_that_makes_no_sense(calendar: Calendar, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(calendar)
    assert refused.value.field == field


def test_a_calendar_that_makes_sense() -> None:
    assert checked(CATALONIA) is CATALONIA
