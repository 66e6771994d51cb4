"""When a facility is open: what it amounts to, who may say it, what was said before, and the way back."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from hub.core.audit.tables import AuditEntry
from hub.core.errors import BadInput, Conflict, Forbidden, NotFound
from hub.core.hours.working_time import Calendar
from hub.core.permissions import Role
from hub.core.scope import Grant, Scope
from hub.core.unit_of_work import Workplace
from hub.identity import opening_hours
from tests.hub.clinic import WHOLE, Clinic, SignedIn

MADRID = ZoneInfo("Europe/Madrid")
pytestmark = pytest.mark.usefixtures("clinic")

WEEK = {f"day{n}": "9-14, 16:00–20:00" for n in range(5)} | {"day5": "", "day6": ""}
HTML = {"accept": "text/html"}
HOUR_MS = 3_600_000


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=MADRID).timestamp() * 1000)


def say(
    workplace: Workplace, hours: str, after: int = 0, scope: Scope = WHOLE, **rest: object
) -> int:
    calendar = Calendar(hours, "UTC", **rest)  # type: ignore[arg-type]
    with workplace.begin() as work:
        return opening_hours.set_hours(work, scope, "north", calendar, after=after, by="ana")


def spans(workplace: Workplace, since: str, until: str) -> list[tuple[str, str]]:
    with workplace.read() as work:
        found = opening_hours.open_between(work, WHOLE, "north", ms(since), ms(until))
    assert found is not None
    read = lambda at: f"{datetime.fromtimestamp(at / 1000, MADRID):%m-%d %H:%M}"  # noqa: E731
    return [(read(opens), read(closes)) for opens, closes in found]


def test_nothing_is_guessed(workplace: Workplace) -> None:
    with workplace.read() as work:
        assert opening_hours.open_between(work, WHOLE, "north", 0, ms("2026-03-01")) is None
        assert opening_hours.calendar_of(work, WHOLE, "north") is None


def test_a_night_is_as_long_as_the_clock_makes_it(workplace: Workplace) -> None:
    say(workplace, "Sa 22:00-06:00")
    for eve, length in (("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-07", 8)):
        with workplace.read() as work:
            since = ms(f"{eve}T12:00")
            found = opening_hours.open_between(work, WHOLE, "north", since, since + 24 * HOUR_MS)
        assert found is not None
        assert [(closes - opens) / HOUR_MS for opens, closes in found] == [length]
    assert spans(workplace, "2026-11-07T23:30", "2026-11-08T12:00") == [
        ("11-07 23:30", "11-08 06:00")
    ], "cut off at the first moment that is asked for"


def test_holidays_are_closed_unless_they_have_hours_of_their_own(workplace: Workplace) -> None:
    special = ((date(2026, 1, 6), "10:00-13:00"), (date(2026, 1, 7), ""))
    say(workplace, "Mo-Fr 09:00-17:00", country="ES", region="CT", special=special)
    assert spans(workplace, "2025-12-31", "2026-01-09") == [
        ("12-31 09:00", "12-31 17:00"),
        ("01-02 09:00", "01-02 17:00"),
        ("01-05 09:00", "01-05 17:00"),
        ("01-06 10:00", "01-06 13:00"),
        ("01-08 09:00", "01-08 17:00"),
    ]


def test_open_day_and_night(workplace: Workplace) -> None:
    say(workplace, "Mo-Su 00:00-24:00")
    with workplace.read() as work:
        since, until = ms("2026-03-28"), ms("2026-04-11")
        found = opening_hours.open_between(work, WHOLE, "north", since, until)
    assert found is not None
    assert found[0][0] == since
    assert found[-1][1] >= until
    assert all(one[1] == other[0] for one, other in pairwise(found))


def test_what_cannot_be_right_is_refused_by_its_field(workplace: Workplace) -> None:
    nonsense: list[tuple[str, dict[str, object], str]] = [
        ("nine to five", {}, "hours"),
        ("Mo off", {}, "hours"),
        ("Mo 09:00-17:00", {"country": "XX"}, "country"),
        ("Mo 09:00-17:00", {"special": ((date(2026, 1, 6), "noon"),)}, "special"),
    ]
    for hours, rest, field in nonsense:
        with pytest.raises(BadInput) as refused:
            say(workplace, hours, **rest)
        assert refused.value.field == field


def test_who_was_slower_overwrites_nothing(workplace: Workplace) -> None:
    assert say(workplace, "Mo-Fr 09:00-17:00") == 1
    with pytest.raises(Conflict):
        say(workplace, "Mo-Fr 10:00-11:00")
    assert say(workplace, "Mo-Fr 10:00-18:00", after=1) == 2
    with workplace.begin() as work:
        assert opening_hours.restore(work, WHOLE, "north", 1, after=2, by="eva") == 3
        versions = opening_hours.history(work, WHOLE, "north")
        recorded = work.session.exec(
            select(AuditEntry.subject).where(AuditEntry.action == "opening_hours.set")
        ).all()
    said = [
        (v.version, v.calendar and v.calendar.hours, v.changed_by, v.restores) for v in versions
    ]
    assert said == [
        (3, "Mo-Fr 09:00-17:00", "eva", 1),
        (2, "Mo-Fr 10:00-18:00", "ana", None),
        (1, "Mo-Fr 09:00-17:00", "ana", None),
    ]
    assert recorded == ["facility/north"] * 2, "the third is written when its unit of work ends"


def test_only_whoever_manages_the_facility_may_say_it(workplace: Workplace) -> None:
    quality = Scope("clinic", grants=frozenset({Grant(None, Role.QUALITY_MANAGER)}))
    with pytest.raises(Forbidden):
        say(workplace, "Mo 09:00-17:00", scope=quality)
    south = Scope("clinic", grants=frozenset({Grant("south", Role.FACILITY_MANAGER)}))
    with pytest.raises(NotFound):
        say(workplace, "Mo 09:00-17:00", scope=south)
    say(workplace, "Mo 09:00-17:00")
    with workplace.read() as work:
        assert opening_hours.history(work, WHOLE.within("south"), "north") == []


@pytest.fixture
def manager(clinic: Clinic) -> Iterator[SignedIn]:
    with TestClient(clinic.app(), base_url="http://hub.test") as client:
        yield SignedIn(client, "administrator")


def submit(browser: SignedIn, path: str, **fields: object) -> tuple[int, str]:
    told = {"csrf": browser.csrf, **fields}
    answer = browser.client.post(path, data=told, headers=HTML)
    return answer.status_code, answer.text


def test_on_the_page_they_are_filled_in_refused_taken_back_and_brought_back(
    manager: SignedIn,
) -> None:
    path = "/opening-hours/north"
    page = manager.client.get("/opening-hours?facility=north").text
    assert "every hour counts" in page
    wrong = {**WEEK, "day2": "early to late", "after": 0}
    status, page = submit(manager, path, **wrong)
    assert (status, 'id="day2-problem"' in page, "early to late" in page) == (422, True, True)
    special = {"special_day": ["2030-12-24", "", ""], "special_hours": ["9-13", "", ""]}
    status, page = submit(manager, path, **WEEK, **special, country="ES", region="CT", after=0)
    assert (status, "every hour counts" in page) == (200, False)
    assert 'value="09:00-14:00, 16:00-20:00"' in page
    assert 'value="2030-12-24"' in page
    assert "Saved." in page
    assert submit(manager, path, **WEEK, after=0)[0] == 409
    assert "every hour counts" in submit(manager, f"{path}/restore", version=0, after=1)[1]
    status, page = submit(manager, f"{path}/restore", version=1, after=2)
    assert (status, 'value="09:00-14:00, 16:00-20:00"' in page) == (200, True)
    assert "Mon – Fri 09:00-14:00, 16:00-20:00" in page


def test_programs_say_and_read_them(manager: SignedIn) -> None:
    path = "/api/facilities/north/opening-hours"
    told = {"hours": "Mo-Fr 09:00-17:00", "special": {"2030-12-24": "09:00-13:00"}, "after": 0}
    assert manager.client.put(path, json=told, headers=manager.headers).status_code == 204
    assert manager.client.put(path, json=told, headers=manager.headers).status_code == 409
    (version,) = manager.client.get(path).json()
    assert (version["hours"], version["special"]) == (told["hours"], told["special"])
    assert version["changed_by"] == "administrator"
