"""What terminals are told: a new version when it changed and not otherwise, and what they say they work by."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from contract.documents import DesiredConfiguration, ReportedConfiguration
from contract.messages import Stamp
from contract.topics import DeviceAddress
from edge.rota import Rota
from hub.core.arrivals import Delivery
from hub.core.hours.working_time import Calendar
from hub.core.unit_of_work import Workplace
from hub.feedback.photographs.policies import for_terminals
from hub.feedback.surveys import surveys_on_screens
from hub.fleet import desired
from hub.fleet import service as fleet
from hub.fleet.desired import Told
from hub.fleet.tables import Desired
from hub.identity import opening_hours
from hub.identity import service as identity
from hub.identity.schemas import NewShift
from hub.identity.tables import Shift
from tests.fakes.clock import HeldClock
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic

BOOT = "00000000-0000-4000-8000-000000000001"
TOLD = Told(surveys_on_screens, for_terminals("f" * 64))
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@pytest.fixture(autouse=True)
def _clinic(clinic: Clinic) -> None:
    """Two facilities with a terminal each."""


def refresh(workplace: Workplace) -> dict[DeviceAddress, DesiredConfiguration]:
    with workplace.begin() as work:
        return dict(desired.refresh(work, TOLD))


def everything(workplace: Workplace) -> dict[DeviceAddress, DesiredConfiguration]:
    with workplace.read() as work:
        return dict(desired.everything(work))


def add_shift(workplace: Workplace, starts_ms: int, name: str, place: str = "north") -> None:
    told = NewShift(
        id=name,
        touchpoint=f"reception-{place}",
        employee=f"anna-{place}",
        starts_ms=starts_ms,
        ends_ms=starts_ms + HOUR_MS,
    )
    with workplace.begin() as work:
        identity.create_shift(work, WHOLE, told)


def report(clinic: Clinic, version: int, at: DeviceAddress = NORTH) -> None:
    payload = ReportedConfiguration(version=version).model_dump_json().encode()
    clinic.inbox.store([Delivery(f"{at}/reported", payload, clinic.clock.now_ms())])


def reported(workplace: Workplace) -> int | None:
    with workplace.read() as work:
        row = work.session.get(Desired, NORTH.device)
        return None if row is None else row.reported_version


def test_every_terminal_gets_a_first_document_and_keeps_it(workplace: Workplace) -> None:
    first = refresh(workplace)
    assert set(first) == {NORTH, SOUTH}
    assert refresh(workplace) == {}
    assert everything(workplace) == first


def test_a_changed_rota_is_a_higher_version_for_its_facility_alone(
    workplace: Workplace, clock: HeldClock
) -> None:
    first = refresh(workplace)
    add_shift(workplace, clock.now_ms() + HOUR_MS, "tomorrow")
    changed = refresh(workplace)
    assert set(changed) == {NORTH}
    assert changed[NORTH].version > first[NORTH].version
    assert [shift.shift for shift in changed[NORTH].rota] == ["tomorrow"]
    assert refresh(workplace) == {}
    with workplace.begin() as work:
        work.connection.execute(delete(Shift))
    again = refresh(workplace)
    assert again[NORTH].version > changed[NORTH].version
    assert again[NORTH].rota == []


def test_the_rota_reaches_from_yesterday_to_two_weeks_ahead(
    workplace: Workplace, clock: HeldClock
) -> None:
    midnight = clock.now_ms() // DAY_MS * DAY_MS
    for name, start in {
        "long gone": midnight - DAY_MS - 2 * HOUR_MS,
        "yesterday": midnight - DAY_MS,
        "last": midnight + 14 * DAY_MS,
        "too far": midnight + 14 * DAY_MS + HOUR_MS,
    }.items():
        add_shift(workplace, start, name.replace(" ", "-"))
    assert [s.shift for s in refresh(workplace)[NORTH].rota] == ["yesterday", "last"]
    clock.move(days=1)
    assert [s.shift for s in refresh(workplace)[NORTH].rota] == ["last", "too-far"]


def test_a_clock_that_is_set_back_does_not_lower_the_version(
    workplace: Workplace, clock: HeldClock
) -> None:
    first = refresh(workplace)[NORTH]
    clock.move(hours=-1)
    add_shift(workplace, clock.now_ms(), "now")
    assert refresh(workplace)[NORTH].version == first.version + 1


def test_a_terminal_that_moves_gets_its_new_facility_s_document(
    workplace: Workplace, clock: HeldClock
) -> None:
    first = refresh(workplace)
    add_shift(workplace, clock.now_ms(), "there", "south")
    moved = DeviceAddress("clinic", "south", NORTH.device)
    with workplace.begin() as work:
        fleet.enrol(work, WHOLE, moved)
    changed = refresh(workplace)
    assert set(changed) == {moved, SOUTH}
    assert changed[moved].version > first[NORTH].version
    assert [shift.shift for shift in changed[moved].rota] == ["there"]


def test_what_a_terminal_works_by_is_kept(clinic: Clinic, workplace: Workplace) -> None:
    report(clinic, 1)
    assert reported(workplace) is None
    version = refresh(workplace)[NORTH].version
    report(clinic, version)
    assert reported(workplace) == version
    report(clinic, 5, DeviceAddress("clinic", "south", NORTH.device))
    assert reported(workplace) == version
    clinic.inbox.store([Delivery(f"{NORTH}/reported", b"", 1)])
    assert reported(workplace) == version


def test_terminals_are_told_when_their_facility_is_open_once_somebody_has_said_so(
    workplace: Workplace, clock: HeldClock
) -> None:
    assert refresh(workplace)[NORTH].hours is None
    with workplace.begin() as work:
        calendar = Calendar("Mo-Sa 08:00-14:00", "Europe/Madrid")
        opening_hours.set_hours(work, WHOLE, "north", calendar, after=0, by="ana")
    told = refresh(workplace)
    assert told[NORTH].hours_until_ms == clock.now_ms() // DAY_MS * DAY_MS + 14 * DAY_MS
    assert set(told) == {NORTH}, "nothing is otherwise in the south"
    spans = [(span.opens_ms, span.closes_ms) for span in told[NORTH].hours or []]
    today_ms = clock.now_ms() // DAY_MS * DAY_MS
    assert all(closes - opens == 6 * HOUR_MS for opens, closes in spans[1:])
    assert spans == sorted(spans)
    assert (spans[0][0] >= today_ms - DAY_MS, spans[-1][0] < today_ms + 14 * DAY_MS) == (True, True)
    assert 12 <= len(spans) <= 14, "a fortnight without its Sundays"
    assert refresh(workplace) == {}
    clock.move(minutes=24 * 60)
    assert set(refresh(workplace)) == {NORTH}, "each day tells one day more"
    with workplace.begin() as work:
        opening_hours.restore(work, WHOLE, "north", 0, after=1, by="ana")
    told = refresh(workplace)
    assert (told[NORTH].hours, told[NORTH].hours_until_ms) == (None, None)


def test_a_terminal_knows_by_what_it_was_told_when_a_night_is_over_though_the_clock_changes(
    workplace: Workplace, clock: HeldClock, tmp_path: Path
) -> None:
    local = lambda text: round(datetime.fromisoformat(text).timestamp() * 1000)  # noqa: E731
    clock.move(ms=local("2026-03-28T12:00+01:00") - clock.now_ms())
    with workplace.begin() as work:
        calendar = Calendar("Fr-Sa 22:00-06:00", "UTC", special=((date(2026, 4, 4), ""),))
        opening_hours.set_hours(work, WHOLE, "north", calendar, after=0, by="ana")
    rota = Rota(tmp_path / "desired.json")
    rota.take(refresh(workplace)[NORTH])
    found = {
        moment: rota.is_open(
            Stamp(wall_ms=local(moment), boot_id=BOOT, uptime_ms=1, synchronised=True)
        )
        for moment in (
            "2026-03-28T21:59+01:00",
            "2026-03-28T22:00+01:00",
            "2026-03-29T05:59+02:00",
            "2026-03-29T06:00+02:00",
            "2026-04-04T05:59+02:00",
            "2026-04-04T06:00+02:00",
            "2026-04-04T23:00+02:00",
            "2026-04-05T03:00+02:00",
            "2026-04-12T23:00+02:00",
        )
    }
    night, day_off = [False, True, True, False], [True, False, False, False]
    assert list(found.values()) == [*night, *day_off, None]
