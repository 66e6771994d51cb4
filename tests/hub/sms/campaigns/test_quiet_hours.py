"""When patients may be written to: by their own clocks, over changes of the clocks, and over midnight."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sms.campaigns.quiet_hours import Window, allowed_from, start_of_day, start_of_next_day

MADRID = ZoneInfo("Europe/Madrid")
DAYTIME = Window()
NIGHT = Window(22 * 60, 2 * 60, frozenset(range(5)))
EARLY = Window(2 * 60 + 30, 4 * 60, frozenset(range(7)))


def ms(written: str, zone: ZoneInfo = MADRID) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=zone).timestamp() * 1000)


def local(at_ms: int, zone: ZoneInfo = MADRID) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M %z")


VECTORS = [
    # Friday, Saturday night, Sunday: held until Monday morning.
    ("2026-03-06 12:00", DAYTIME, "2026-03-06 12:00 +0100"),
    ("2026-03-06 08:59", DAYTIME, "2026-03-06 09:00 +0100"),
    ("2026-03-06 20:59", DAYTIME, "2026-03-06 20:59 +0100"),
    ("2026-03-06 21:00", DAYTIME, "2026-03-07 09:00 +0100"),
    ("2026-03-07 21:00", DAYTIME, "2026-03-09 09:00 +0100"),
    ("2026-03-08 12:00", DAYTIME, "2026-03-09 09:00 +0100"),
    # Clocks are put forward on 2026-03-29 and back on 2026-10-25, both Sundays.
    ("2026-03-28 22:00", DAYTIME, "2026-03-30 09:00 +0200"),
    ("2026-10-24 22:00", DAYTIME, "2026-10-26 09:00 +0100"),
    ("2026-03-29 00:30", Window(9 * 60, 21 * 60, frozenset(range(7))), "2026-03-29 09:00 +0200"),
    ("2026-10-25 00:30", Window(9 * 60, 21 * 60, frozenset(range(7))), "2026-10-25 09:00 +0100"),
    # 02:30 does not exist on that day; on the other one it exists twice.
    ("2026-03-29 01:00", EARLY, "2026-03-29 03:30 +0200"),
    ("2026-10-25 01:00", EARLY, "2026-10-25 02:30 +0200"),
    # A window over midnight belongs to the day on which it begins: Friday's reaches into Saturday.
    ("2026-03-07 01:00", NIGHT, "2026-03-07 01:00 +0100"),
    ("2026-03-07 02:00", NIGHT, "2026-03-09 22:00 +0100"),
    ("2026-03-06 12:00", NIGHT, "2026-03-06 22:00 +0100"),
]


@pytest.mark.parametrize(("at", "window", "allowed"), VECTORS)
def test_the_first_allowed_moment(at: str, window: Window, allowed: str) -> None:
    assert local(allowed_from(ms(at), window, MADRID)) == allowed


def test_it_is_the_recipients_clock_that_counts() -> None:
    noon = ms("2026-03-06 12:00")
    vladivostok, new_york = ZoneInfo("Asia/Vladivostok"), ZoneInfo("America/New_York")
    assert local(allowed_from(noon, DAYTIME, vladivostok), vladivostok) == "2026-03-07 09:00 +1000"
    assert local(allowed_from(noon, DAYTIME, new_york), new_york) == "2026-03-06 09:00 -0500"


def test_days_begin_at_midnight_even_where_it_is_skipped() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # 2026-03-29 begins at 01:00 there
    at = ms("2026-03-29 12:00", beirut)
    assert local(start_of_day(at, beirut), beirut) == "2026-03-29 01:00 +0300"
    assert local(start_of_next_day(at, beirut), beirut) == "2026-03-30 00:00 +0300"


@given(
    st.integers(0, 4_000_000_000_000),
    st.builds(
        Window,
        st.integers(0, 1439),
        st.integers(0, 1440),
        st.frozensets(st.integers(0, 6), min_size=1),
    ),
    st.sampled_from(["Europe/Madrid", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_what_is_allowed_stays_allowed_and_waits_no_longer_than_needed(
    at_ms: int, window: Window, zone: str
) -> None:
    there = ZoneInfo(zone)
    allowed = allowed_from(at_ms, window, there)
    assert allowed >= at_ms
    assert allowed_from(allowed, window, there) == allowed
    assert allowed - at_ms <= timedelta(days=8).total_seconds() * 1000
    assert allowed == at_ms or allowed_from(allowed - 1, window, there) == allowed
