"""The counts by the hour equal a count of everything, whatever has happened, on both databases."""

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from operator import add
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, select

from contract.messages import Asked
from contract.topics import DeviceAddress
from hub.core.arrivals import Delivery
from hub.core.db import Database
from hub.core.inbox import DatabaseUnavailable, Inbox
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, UnitOfWork, Workplace
from hub.feedback.presence_tables import Presence, PresenceCount, PresenceDay
from hub.feedback.rollups import HOUR_MS, recount
from hub.feedback.tables import (
    AnswerCount,
    AnswerDay,
    AnswerMonth,
    FacilityDay,
    FacilityHour,
    FacilityMonth,
    Response,
)
from hub.fleet import service as fleet
from hub.ingest import make_inbox
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic
from tests.hub.terminal import Terminal

LONG_AGO_MS = int(datetime(1969, 12, 31, 22, 30, tzinfo=UTC).timestamp() * 1000)

MADRID = ZoneInfo("Europe/Madrid")
FIRST_DAY = date(1970, 1, 1).toordinal()

names = count()


def rows(work: UnitOfWork, kind: Any) -> list[Any]:
    table: Table = kind.__table__
    return list(work.connection.execute(select(table)))


def counted(work: UnitOfWork) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    return {tuple(r) for r in rows(work, AnswerCount)}, {
        tuple(r) for r in rows(work, PresenceCount)
    }


def counted_anew(work: UnitOfWork) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """What the counts should be, from the answers themselves and without any SQL."""
    answers: Counter[tuple[Any, ...]] = Counter()
    for r in rows(work, Response):
        asked = (r.survey or "", r.question or "", r.touchpoint or "", r.employee or "")
        hour = r.occurred_ms // HOUR_MS
        answers[r.organisation, r.facility, hour, *asked, r.value or "", r.flags != ""] += 1
    near: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * 5)
    for r in rows(work, Presence):
        key = (r.organisation, r.facility, (r.occurred_ms - 1) // HOUR_MS, r.device)
        seen = (r.approaches, r.looked, r.dwell_ms, r.looked_ms, r.seconds)
        sums = near[*key, r.touchpoint or ""]
        sums[:] = map(add, sums, seen)
    return {(*key, n) for key, n in answers.items()}, {(*k, *sums) for k, sums in near.items()}


Counts = list[dict[tuple[Any, ...], int]]


def coarser(work: UnitOfWork) -> Counts:
    """The counts by the hour, put together by Madrid's days and months: both facilities are there."""
    days, months = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
    facility_days, facility_hours, facility_months = (Counter[tuple[Any, ...]]() for _ in range(3))
    for r in rows(work, AnswerCount):
        there = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=r.hour)).astimezone(MADRID)
        day, month = there.date().toordinal() - FIRST_DAY, there.year * 12 + there.month - 23641
        place, asked = (r.organisation, r.facility), (r.survey, r.question)
        days[*place, day, *asked, r.touchpoint, r.employee, r.value, r.flagged] += r.count
        months[*place, month, *asked, r.touchpoint, r.employee, r.value, r.flagged] += r.count
        facility_days[*place, day, *asked, r.value, r.flagged] += r.count
        facility_hours[*place, r.hour, *asked, r.value, r.flagged] += r.count
        facility_months[*place, month, *asked, r.value, r.flagged] += r.count
    near: Counter[tuple[Any, ...]] = Counter()
    for r in rows(work, PresenceCount):
        there = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=r.hour)).astimezone(MADRID)
        day = there.date().toordinal() - FIRST_DAY
        near[r.organisation, r.facility, day, r.device, r.touchpoint] += r.approaches
    return [days, months, facility_days, facility_hours, facility_months, near]


def counted_coarser(work: UnitOfWork) -> Counts:
    tables = (AnswerDay, AnswerMonth, FacilityDay, FacilityHour, FacilityMonth, PresenceDay)
    keys = [len(table.__table__.primary_key) for table in tables]
    return [
        {tuple(row[:key]): row[key] for row in rows(work, table)}
        for table, key in zip(tables, keys, strict=True)
    ]


def days_of_months(work: UnitOfWork) -> dict[tuple[Any, ...], int]:
    return {tuple(row[:-2]): row.days for row in rows(work, AnswerMonth)}


def assert_no_day_is_missing(work: UnitOfWork) -> None:
    """A month's bits name every day on which it has answers."""
    known = days_of_months(work)
    for r in rows(work, AnswerDay):
        there = date.fromordinal(FIRST_DAY + r.day)
        month = there.year * 12 + there.month - 23641
        bits = known[(r.organisation, r.facility, month, *tuple(r)[3:-1])]
        assert bits >> (there.day - 1) & 1


def assert_counts_are_right(workplace: Workplace) -> None:
    with workplace.read() as work:
        assert counted(work) == counted_anew(work)
        assert counted_coarser(work) == coarser(work)
        assert_no_day_is_missing(work)


def enrolled(clinic: Clinic, facility: str = "north") -> Terminal:
    address = DeviceAddress("clinic", facility, f"terminal-{next(names)}")
    with clinic.workplace.begin() as work:
        fleet.enrol(work, WHOLE, address)
    return Terminal(clinic.clock, address)


VALUES = st.sampled_from(["yes", "no", "hard_to_say", 9, None])
PLACES = st.sampled_from(["desk", "exit", None])
FLAGS = st.sampled_from([[], [], [], ["repeat"], ["repeat", "storm"]])
HOURS_OFF = st.integers(-30, 3)

PRESSES = st.fixed_dictionaries(
    {"value": VALUES, "touchpoint": PLACES, "employee": PLACES, "shift": PLACES, "flags": FLAGS}
)
STEPS = st.one_of(
    st.tuples(st.just("press"), PRESSES),
    st.tuples(st.just("press"), PRESSES),
    st.tuples(st.just("flag"), st.lists(st.integers(1, 30), min_size=1, max_size=5)),
    st.tuples(st.just("presence"), st.tuples(st.integers(0, 2), st.integers(0, 2), PLACES)),
    st.tuples(st.just("clock"), st.tuples(HOURS_OFF, st.booleans())),
    st.tuples(st.just("state"), HOURS_OFF),
    st.tuples(st.just("reboot"), st.integers(1, 3)),
    st.tuples(st.just("later"), st.integers(1, 90)),
)


def take(clinic: Clinic, terminal: Terminal, step: str, told: Any) -> list[Delivery]:
    """What arrives of one step, if anything."""
    match step:
        case "press":
            return [terminal.press(**told)]
        case "flag":
            return [terminal.flag(*sorted(set(told)))]
        case "presence":
            approaches, looked, touchpoint = told
            seen = {"looked": looked, "dwell_ms": 900 * approaches, "looked_ms": 40 * looked}
            return [terminal.presence(approaches=approaches, touchpoint=touchpoint, **seen)]
        case "state":
            terminal.uptime_ms = max(1, terminal.uptime_ms + told * HOUR_MS)
            return [terminal.state()]
        case "clock":
            hours, terminal.synchronised = told
            terminal.wall_off_ms = hours * HOUR_MS
        case "reboot":
            terminal.reboot(told)
        case "later":
            clinic.clock.move(minutes=told)
            terminal.uptime_ms += told * 60_000
    return []


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 1), STEPS), min_size=1, max_size=12), max_size=8
    )
)
@example(
    batches=[
        [(0, ("clock", (0, False))), (0, ("press", {}))],
        [(0, ("flag", [1])), (0, ("state", 0))],
        [(0, ("flag", [1, 2])), (0, ("press", {}))],
    ]
)
def test_after_any_sequence_the_counts_equal_a_count_of_everything(
    clinic: Clinic, batches: list[list[tuple[int, tuple[str, Any]]]]
) -> None:
    terminals = [enrolled(clinic), enrolled(clinic, "south")]
    for batch in batches:
        arrived = []
        for who, (step, told) in batch:
            arrived += take(clinic, terminals[who], step, told)
        clinic.inbox.store(arrived)
    assert_counts_are_right(clinic.workplace)


def test_a_replay_is_not_counted_again(clinic: Clinic) -> None:
    terminal = Terminal(clinic.clock)
    batch = [terminal.press(), terminal.presence(), terminal.flag(1)]
    clinic.inbox.store(batch)
    clinic.inbox.store(batch)
    with clinic.workplace.read() as work:
        (answers,) = rows(work, AnswerCount)
        (near,) = rows(work, PresenceCount)
    assert (answers.count, answers.flagged, near.approaches) == (1, True, 3)


def test_an_answer_whose_time_is_put_right_is_counted_in_its_true_hour(clinic: Clinic) -> None:
    """Stored with the time of its arrival; then the terminal connects, and its uptime tells five hours ago."""
    terminal = Terminal(clinic.clock)
    terminal.synchronised = False
    clinic.inbox.store([terminal.press(), terminal.presence()])
    terminal.uptime_ms += 5 * HOUR_MS
    clinic.inbox.store([terminal.state()])
    hour = clinic.clock.now_ms() // HOUR_MS - 5
    with clinic.workplace.read() as work:
        assert [row.hour for row in rows(work, AnswerCount)] == [hour - 1]
        assert [row.hour for row in rows(work, PresenceCount)] == [hour - 1]
    assert_counts_are_right(clinic.workplace)


@pytest.mark.parametrize("wall_ms", [LONG_AGO_MS, -(2**63) + 1])
def test_a_time_before_1970_is_counted_alike_now_and_anew(clinic: Clinic, wall_ms: int) -> None:
    terminal = Terminal(clinic.clock)
    terminal.wall_off_ms = wall_ms - clinic.clock.now_ms()
    clinic.inbox.store([terminal.press()])
    with clinic.workplace.begin() as work:
        before, others = counted(work), counted_coarser(work)
        recount(work, WHOLE)
        assert counted(work) == before == counted_anew(work)
        assert counted_coarser(work) == others


def test_counting_anew_changes_nothing(clinic: Clinic) -> None:
    for at in (NORTH, SOUTH):
        terminal = Terminal(clinic.clock, at)
        presses = [terminal.press(value=value) for value in ("yes", "no", "yes")]
        clinic.inbox.store([*presses, terminal.presence(), terminal.flag(2)])
    with clinic.workplace.begin() as work:
        before = counted(work), counted_coarser(work), days_of_months(work)
        recount(work, WHOLE)
        assert (counted(work), counted_coarser(work), days_of_months(work)) == before


def test_counting_anew_repairs_the_scope_and_nothing_else(clinic: Clinic) -> None:
    clinic.press(1, at=NORTH)
    clinic.press(1, at=SOUTH)
    table: Table = AnswerCount.__table__
    with clinic.workplace.begin() as work:
        work.connection.execute(table.update().values(count=7))
        recount(work, Scope("clinic", frozenset({"north"})))
        assert {row.facility: row.count for row in rows(work, AnswerCount)} == {
            "north": 1,
            "south": 7,
        }


def test_other_surveys_questions_and_hours_are_counted_apart(clinic: Clinic) -> None:
    terminal = Terminal(clinic.clock)
    first, second = Asked(survey="a", question="q1"), Asked(survey="a", question="q2")
    clinic.inbox.store([terminal.press(asked=first), terminal.press(asked=second)])
    clinic.clock.move(hours=1)
    clinic.inbox.store([terminal.press(asked=first), terminal.press(asked=None)])
    with clinic.workplace.read() as work:
        assert Counter((r.survey, r.question, r.count) for r in rows(work, AnswerCount)) == Counter(
            {("a", "q1", 1): 2, ("a", "q2", 1): 1, ("", "", 1): 1}
        )


def test_two_hubs_counting_at_once_lose_nothing(postgresql_url: str, clock: HeldClock) -> None:
    """Two processes' worth of connections on one PostgreSQL, whose answers all fall under the same keys."""
    databases = [Database(postgresql_url), Database(postgresql_url)]
    listening = [Listeners(), Listeners()]
    first, second = (
        Workplace(*one, clock, ReversingVault()) for one in zip(databases, listening, strict=True)
    )
    clinic = Clinic(first, listening[0], clock)
    inboxes = [clinic.inbox, make_inbox(second, listening[1])]
    terminals = [enrolled(clinic), enrolled(clinic)]
    together = Barrier(2)

    def take_in(inbox: Inbox, terminal: Terminal) -> None:
        for _ in range(12):
            batch = [terminal.press(value=value) for value in ("yes", "no", "yes")]
            together.wait(30)
            while True:
                try:
                    inbox.store(batch)
                except DatabaseUnavailable:  # PostgreSQL broke a tie between the two
                    continue
                break

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take_in, inboxes, terminals))
    assert_counts_are_right(second)
    with second.read() as work:
        assert sorted(row.count for row in rows(work, AnswerCount)) == [24, 48]
    for database in databases:
        database.close()
