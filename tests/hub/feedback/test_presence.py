"""What cameras saw, from messages to what pages ask, on both databases."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select

from contract.messages import Asked, SmilesCounted
from hub.core.scope import Scope
from hub.feedback import presence, response_rates, smiles
from hub.feedback.events import PresenceRecorded
from hub.feedback.figures.calendar import Step
from hub.feedback.figures.origin import Period
from hub.feedback.figures.presence import Seen, together
from hub.feedback.presence import Unnoticed
from hub.feedback.presence_tables import Presence, Smiles
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection
from hub.fleet import service as fleet
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic
from tests.hub.feedback.test_figures_service import (
    ALL,
    FORTNIGHT,
    RECOMMEND,
    TODAY,
    Days,
    ask,
    earlier,
)
from tests.hub.terminal import Terminal

DESK = ("north", "reception-north")
HOUR_MS = 3_600_000


@pytest.fixture
def days(clinic: Clinic) -> Days:
    return Days(clinic)


def see(days: Days, near: int, *, ago: float = 0, hours: float = 0, **fields: Any) -> None:
    """A camera counts so long ago."""
    terminal = days.terminals[fields.pop("at", NORTH)]
    earlier(terminal, ago * 24 + hours)
    days.clinic.inbox.store([terminal.presence(approaches=near, **fields)])


def rows(clinic: Clinic, kind: Any) -> list[Any]:
    table: Table = kind.__table__
    with clinic.workplace.read() as work:
        return list(work.connection.execute(select(table)))


def seen(clinic: Clinic, selection: Selection = ALL, scope: Scope = WHOLE) -> Seen:
    found = ask(clinic, presence.by_day, selection, scope=scope)
    return together(one.seen for one in found)


def test_a_count_is_of_where_the_terminal_stood_then(clinic: Clinic, days: Days) -> None:
    see(days, 3, looked=2, dwell_ms=9000, looked_ms=4000)
    see(days, 2, touchpoint="exit")
    with clinic.workplace.begin() as work:
        fleet.enrol(work, WHOLE, NORTH, touchpoint="reception-north")
    stood = {row.touchpoint: row.approaches for row in rows(clinic, Presence)}
    assert stood == {"reception-north": 3, "exit": 2}
    assert seen(clinic) == Seen(5, 2, 9000, 4000, 120)
    assert seen(clinic, Selection(FORTNIGHT, touchpoint="exit")).approaches == 2
    assert seen(clinic, scope=Scope("clinic", frozenset({"south"}))) == Seen()


def test_news_is_told_once_a_facility_and_of_new_messages_alone(
    clinic: Clinic, listeners: Any
) -> None:
    told: list[PresenceRecorded] = []
    listeners.after(PresenceRecorded, told.append)
    terminal, other = Terminal(clinic.clock), Terminal(clinic.clock, SOUTH)
    batch = [
        terminal.presence(approaches=2),
        terminal.presence(approaches=1),
        other.presence(approaches=0),
    ]
    clinic.inbox.store(batch)
    clinic.inbox.store(batch)
    assert Counter(told) == {
        PresenceRecorded("clinic", "north", 3): 1, PresenceRecorded("clinic", "south", 0): 1
    }  # fmt: skip


def test_a_span_that_ends_with_the_hour_belongs_to_it(clinic: Clinic, days: Days) -> None:
    """Two in the afternoon in Madrid: the day before ended fourteen hours ago."""
    see(days, 4, hours=14, seconds=3600)
    hours = ask(clinic, presence.by_hour, Selection(Period(TODAY - timedelta(days=1), TODAY)))[DESK]
    assert [(at, one.approaches) for at, one in enumerate(hours) if one.approaches] == [(23, 4)]
    (day,) = ask(clinic, presence.by_day, ALL)
    assert day.day == TODAY - timedelta(days=1)


def test_how_much_of_the_period_was_seen(clinic: Clinic, days: Days) -> None:
    """Of a day and a half two terminals saw 12 hours each, a third of it."""
    two = Period(TODAY - timedelta(days=1), TODAY)
    selection = Selection(two)
    for at in (NORTH, SOUTH):
        see(days, 1, ago=1, seconds=12 * 3600, at=at)
    found = ask(clinic, presence.by_day, selection)
    share = ask(clinic, presence.watched, selection)
    assert share == pytest.approx(12 / 36, abs=0.02)
    earlier = Selection(Period(TODAY - timedelta(days=3), TODAY - timedelta(days=2)))
    assert ask(clinic, presence.watched, earlier) is None
    assert ask(clinic, presence.whole, selection).seconds == 2 * 12 * 3600
    assert ask(clinic, presence.whole, earlier) == Seen()
    by_day = presence.by_step(found, two, Step.DAY)
    assert [one.seconds for _, one in by_day] == [2 * 12 * 3600, 0]


def test_just_now_is_counted_by_the_minute(clinic: Clinic, days: Days) -> None:
    see(days, 5, hours=0.2)
    see(days, 2)
    now_ms = clinic.clock.now_ms()
    assert ask(clinic, presence.lately, ALL, now_ms - 15 * 60_000) == 7
    assert ask(clinic, presence.lately, ALL, now_ms - 60_000) == 2
    assert ask(clinic, presence.lately, Selection(FORTNIGHT, touchpoint="exit"), 0) == 0


def test_the_response_rate_by_touchpoint_and_by_hour_add_up(clinic: Clinic, days: Days) -> None:
    """Of three days the camera counted on two; the third's answers are held against nobody."""
    for ago in (1, 2):
        see(days, 20, ago=ago, hours=0.5)
        days.press(*["yes"] * 4, "no", ago=ago, hours=0.5)
        see(days, 10, ago=ago, hours=2.5)
        days.press("no", ago=ago, hours=2.5)
    days.press(*["yes"] * 50, ago=3)
    whole = ask(clinic, response_rates.of_all, ALL, RECOMMEND)
    assert (whole.figure.n, whole.figure.base, whole.figure.value) == (12, 60, 20.0)
    assert (round(whole.figure.low, 1), round(whole.figure.high, 1)) == (11.8, 31.8)
    places = ask(clinic, response_rates.by_touchpoint, ALL, RECOMMEND)
    assert {place: (one.figure.n, one.figure.base) for place, one in places.items()} == {
        DESK: (12, 60)
    }
    hours = ask(clinic, response_rates.by_hour, ALL, RECOMMEND)
    assert sorted((one.figure.n, one.figure.base) for one in hours.values()) == [(2, 20), (10, 40)]
    assert sum(one.figure.n for one in hours.values()) == whole.figure.n


def test_the_rate_is_about_a_question_that_is_asked_where_people_are_counted(
    clinic: Clinic, days: Days
) -> None:
    see(days, 20, ago=1)
    days.press("yes", ago=1)
    elsewhere = Question("visit", "elsewhere")
    days.press(
        "good", "good", ago=1, asked=Asked(survey="visit", question="elsewhere"), touchpoint="exit"
    )
    asked = [elsewhere, RECOMMEND]
    assert ask(clinic, response_rates.asked_there, ALL, asked) == RECOMMEND
    assert ask(clinic, response_rates.asked_there, ALL, [elsewhere]) == elsewhere
    assert ask(clinic, response_rates.asked_there, ALL, []) is None


def test_most_days_counted_and_few_are_read_alike(clinic: Clinic, days: Days) -> None:
    for ago in range(14):
        days.press("yes", ago=ago)
        if ago != 5:
            see(days, 3, ago=ago)
    most = ask(clinic, response_rates.of_all, ALL, RECOMMEND).figure
    assert (most.n, most.base) == (13, 39)


def test_an_unnoticed_terminal(clinic: Clinic, days: Days) -> None:
    for ago in (1, 2):
        see(days, 8, ago=ago, seconds=8 * 3600)
        days.served(200, ago=ago)
    see(days, 500, ago=3)  # the camera saw a minute of it
    days.served(200, ago=3)
    assert ask(clinic, presence.unnoticed, ALL) == [Unnoticed("north", "", 16, 400)]
    days.served(20, ago=1, touchpoint="reception-north")
    days.served(60, ago=2, touchpoint="reception-north")
    here = Selection(FORTNIGHT, touchpoint="reception-north")
    assert ask(clinic, presence.unnoticed, here) == []  # 16 of 80: one in five


def smile(terminal: Terminal, service: str, smiling: int, people: int) -> Any:
    told = {"service": service, "smiling": smiling, "people": people}
    return terminal.deliver(SmilesCounted, seconds=3000, confidence=0.8, **told)


def test_smiles_before_and_after_by_the_hour(clinic: Clinic, days: Days) -> None:
    terminal = days.terminals[NORTH]
    assert not ask(clinic, smiles.are_collected)
    batch = [smile(terminal, "before", 3, 12), smile(terminal, "after", 9, 10)]
    clinic.inbox.store(batch)
    clinic.inbox.store(batch)
    earlier(terminal, 2)
    clinic.inbox.store([smile(terminal, "before", 7, 28)])
    found = ask(clinic, smiles.shares, ALL)
    assert {of: (f.value, f.n) for of, f in found.whole.items()} == {
        "before": (25.0, 40), "after": (90.0, 10)
    }  # fmt: skip
    counted = {(hour, of): f.n for hour, by in found.hours.items() for of, f in by.items()}
    assert sorted(counted.values()) == [10, 12, 28]
    assert ask(clinic, smiles.are_collected)
    other = ask(clinic, smiles.shares, ALL, scope=Scope("clinic", frozenset({"south"})))
    assert other.whole == other.hours == {}


def test_smiles_of_fewer_than_ten_are_refused(clinic: Clinic) -> None:
    terminal = Terminal(clinic.clock)
    delivery = smile(terminal, "before", 3, 10)
    payload = delivery.payload.replace(b'"people":10', b'"people":9')
    assert payload != delivery.payload
    outcome = clinic.inbox.store([terminal.arrived("SmilesCounted", payload)])
    assert (outcome.stored, outcome.buried) == (0, 1)
    assert rows(clinic, Smiles) == []


def test_times_put_right_move_smiles_too(clinic: Clinic) -> None:
    terminal = Terminal(clinic.clock)
    terminal.synchronised = False
    clinic.inbox.store([smile(terminal, "before", 3, 12)])
    terminal.uptime_ms += 5 * HOUR_MS
    clinic.inbox.store([terminal.state()])
    (row,) = rows(clinic, Smiles)
    assert row.time_source == "hub"
    assert row.occurred_ms < clinic.clock.now_ms() - 5 * HOUR_MS + 1000
