"""Figures from what patients really said: through the inbox, counted by the hour, on both databases."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from contract.messages import Asked
from contract.topics import DeviceAddress
from hub.core.errors import BadInput
from hub.core.scope import Scope
from hub.feedback import figures_service, response_rates, served, tallies
from hub.feedback.figures.calendar import Step
from hub.feedback.figures.figure import Alarm
from hub.feedback.figures.measures import (
    ATTRACTION,
    ENGAGEMENT,
    LOYALTY,
    NPS,
    PARTICIPATION,
    measured,
)
from hub.feedback.figures.origin import BaseSource, Collection, Period
from hub.feedback.figures.publishing import Standing
from hub.feedback.figures.served import ServedBase
from hub.feedback.questions import Question
from hub.feedback.served_schemas import NewServed
from hub.feedback.tables import Served, ServedMonth
from hub.feedback.tallies import Selection
from hub.fleet import service as fleet
from hub.identity import service as identity
from hub.identity.schemas import NewEmployee, NewFacility
from tests.hub.clinic import NORTH, SOUTH, WHOLE, Clinic
from tests.hub.terminal import Terminal

TODAY = date(2025, 6, 15)
MADRID = ZoneInfo("Europe/Madrid")
FORTNIGHT = Period(TODAY - timedelta(days=13), TODAY)
ALL = Selection(FORTNIGHT)
NORTHERN = Scope("clinic", frozenset({"north"}))
RECOMMEND = Question("visit", "q1")
SCORE = Question("visit", "nps")

boots = count(100)


def earlier(terminal: Terminal, hours: float) -> None:
    """In a boot of its own, for within one boot a clock that goes back is not believed."""
    terminal.reboot(next(boots))
    terminal.wall_off_ms = -int(hours * 3_600_000)


class Days:
    """Gives answers on earlier days, at noon in Madrid."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.terminals = {at: Terminal(clinic.clock, at) for at in (NORTH, SOUTH)}

    def press(
        self, *values: str, ago: int = 0, at: DeviceAddress = NORTH, hours: float = 0, **told: Any
    ) -> None:
        terminal = self.terminals[at]
        earlier(terminal, ago * 24 + hours)
        presses = [terminal.press(value=value, **told) for value in values]
        self.clinic.inbox.store(presses)

    def served(self, clients: int, ago: int = 0, **told: Any) -> None:
        given = NewServed(
            **{"facility": "north", "day": TODAY - timedelta(days=ago), "count": clients, **told}
        )
        with self.clinic.workplace.begin() as work:
            served.enter(work, WHOLE, [given], "maria")


@pytest.fixture
def days(clinic: Clinic) -> Days:
    return Days(clinic)


def ask(clinic: Clinic, question: Any, *told: Any, **more: Any) -> Any:
    scope = more.pop("scope", WHOLE)
    with clinic.workplace.read() as work:
        return question(work, scope, *told, **more)


def test_the_nps_of_what_was_answered(clinic: Clinic) -> None:
    terminal = Terminal(clinic.clock)
    answers = [terminal.answer(value=score) for score in (9, 10, 7, 6, 0, 3)]
    clinic.inbox.store([*answers, terminal.flag(6)])
    shown = ask(clinic, figures_service.figure, ALL, SCORE, NPS)
    assert (shown.figure.value, shown.figure.n, shown.standing) == (0.0, 5, Standing.INSIDE)
    origin = shown.figure.origin
    assert (origin.question, origin.period, origin.flagged) == ("visit/nps", FORTNIGHT, 1)
    assert (origin.collection, origin.base_source) == (Collection.SELF_SELECTED, None)


def test_an_index_on_a_base_keeps_to_the_days_whose_base_is_known(days: Days) -> None:
    days.press("very_good", "good", "bad", ago=3)
    days.press("very_bad", ago=2)
    days.served(100, ago=3, source=BaseSource.TICKET_QUEUE)
    days.served(90, ago=3)
    days.served(50, ago=4, source=BaseSource.HOSPITAL_SYSTEM)
    index = ask(days.clinic, figures_service.figure, ALL, RECOMMEND, LOYALTY)
    assert (index.figure.n, index.figure.base, index.without_base) == (3, 150, 1)
    assert index.figure.origin.base_source is BaseSource.TICKET_QUEUE
    engaged = ask(days.clinic, figures_service.figure, ALL, RECOMMEND, ENGAGEMENT)
    assert engaged.figure.value == pytest.approx(2.0)


def test_a_base_that_cannot_be_is_an_alarm(days: Days) -> None:
    days.press(*["yes"] * 12)
    days.served(9)
    shown = ask(days.clinic, figures_service.figure, ALL, RECOMMEND, PARTICIPATION)
    assert (shown.figure.value, shown.figure.alarm) == (None, Alarm.BASE_INCONSISTENT)
    assert shown.standing is Standing.WITHHELD


def test_filters_choose_the_answers_and_the_base_that_belongs_to_them(days: Days) -> None:
    days.press("yes", "yes", employee="anna-north", touchpoint="reception-north")
    days.press("no", employee="boris", touchpoint="exit")
    days.press("no", at=SOUTH)
    days.served(10)
    days.served(20, facility="south")
    days.served(4, employee="anna-north")
    days.served(5, touchpoint="reception-north")

    def base_and_n(**filters: str) -> tuple[int, int]:
        selection = Selection(FORTNIGHT, **filters)
        shown = ask(days.clinic, figures_service.figure, selection, RECOMMEND, ATTRACTION)
        return shown.figure.n, shown.figure.base

    assert base_and_n() == (4, 30)
    assert base_and_n(facility="north") == (3, 10)
    assert base_and_n(facility="north", employee="anna-north") == (2, 4)
    assert base_and_n(touchpoint="reception-north") == (2, 5)
    assert base_and_n(touchpoint="reception-north", employee="anna-north") == (0, 0)
    northern = ask(days.clinic, figures_service.figure, ALL, RECOMMEND, ATTRACTION, scope=NORTHERN)
    assert (northern.figure.n, northern.figure.base) == (3, 10)


def test_a_foreign_facility_cannot_be_selected(days: Days) -> None:
    selection = Selection(FORTNIGHT, facility="south")
    with pytest.raises(BadInput) as caught:
        ask(days.clinic, figures_service.figure, selection, RECOMMEND, NPS, scope=NORTHERN)
    assert caught.value.field == "facility"


def test_doctors_are_ranked_only_where_intervals_separate(days: Days) -> None:
    with days.clinic.workplace.begin() as work:
        for name in ("boris", "carla", "zoe"):
            identity.create_employee(work, WHOLE, NewEmployee(id=name, facility="north", name=name))
    for name, yes, no in (("anna-north", 55, 5), ("boris", 5, 50), ("carla", 3, 0)):
        days.press(*["yes"] * yes, *["no"] * no, employee=name)
        days.served(100, employee=name)
    days.served(7, employee="zoe")
    found = ask(days.clinic, figures_service.attraction_by_employee, ALL, RECOMMEND)
    assert [(f.employee, f.rank, f.attraction.standing) for f in found] == [
        ("anna-north", 1, Standing.PUBLISHABLE),
        ("boris", 2, Standing.PUBLISHABLE),
        ("carla", None, Standing.TOO_FEW),
        ("zoe", None, Standing.TOO_FEW),
    ]
    anna = found[0]
    assert anna.attraction.figure.value == pytest.approx(50.0)
    assert anna.of_answers.figure.value == pytest.approx(100 * 50 / 60)
    only = Selection(FORTNIGHT, employee="boris")
    (boris,) = ask(days.clinic, figures_service.attraction_by_employee, only, RECOMMEND)
    assert boris.attraction == found[1].attraction
    there = Selection(FORTNIGHT, touchpoint="reception-north")
    at_one_place = ask(days.clinic, figures_service.attraction_by_employee, there, RECOMMEND)
    assert [(f.employee, f.attraction.figure.n) for f in at_one_place] == [
        ("anna-north", 0),
        ("boris", 0),
        ("carla", 0),
    ]


def test_a_series_has_every_day_and_week(days: Days) -> None:
    """The fortnight begins on a Monday."""
    days.press("yes", "no", ago=13)
    days.press("yes", "yes", ago=1)
    days.served(10, ago=1)
    told = (ALL, RECOMMEND)
    daily = ask(days.clinic, figures_service.trend, *told, measure=PARTICIPATION, step=Step.DAY)
    assert [p.period.first for p in daily] == [
        FORTNIGHT.first + timedelta(days=i) for i in range(14)
    ]
    assert [p.shown.figure.value for p in daily if p.shown.figure.base] == [20.0]
    assert daily[0].shown.without_base == 2
    weekly = ask(days.clinic, figures_service.trend, *told, measure=PARTICIPATION, step=Step.WEEK)
    assert [(p.shown.figure.n, p.shown.figure.base) for p in weekly] == [(0, 0), (2, 10)]
    amounts = ask(days.clinic, figures_service.amounts, ALL, None, Step.WEEK)
    assert [(a.plain, a.flagged) for a in amounts] == [(2, 0), (2, 0)]


def test_the_heat_of_the_week_is_by_the_facilitys_clocks(days: Days) -> None:
    """The clock stands at noon UTC of a Sunday, which is 14:00 in Madrid; in Lima it is 7:00."""
    with days.clinic.workplace.begin() as work:
        identity.create_facility(
            work, WHOLE, NewFacility(id="lima", name="Lima", time_zone="America/Lima")
        )
        fleet.enrol(work, WHOLE, DeviceAddress("clinic", "lima", "desk-3"))
    days.press("yes", "no")
    days.press("yes", hours=15)
    lima = Terminal(days.clinic.clock, DeviceAddress("clinic", "lima", "desk-3"))
    days.clinic.inbox.store([lima.press(), lima.press(), lima.flag(2)])
    heat = ask(days.clinic, figures_service.heat, ALL)
    hot = {(d, h): n for d, row in enumerate(heat) for h, n in enumerate(row) if n}
    assert hot == {(6, 14): 2, (5, 23): 1, (6, 7): 1}


def test_the_response_rate_is_of_touchpoints_where_people_are_counted(days: Days) -> None:
    days.press("yes", "no", ago=1)
    days.press("yes", touchpoint="elsewhere")
    days.press("yes", at=SOUTH)
    assert ask(days.clinic, response_rates.of_all, ALL, RECOMMEND) is None
    terminal = days.terminals[NORTH]
    earlier(terminal, 24)
    days.clinic.inbox.store([terminal.presence(approaches=3), terminal.presence(approaches=5)])
    shown = ask(days.clinic, response_rates.of_all, ALL, RECOMMEND)
    assert (shown.figure.n, shown.figure.base, shown.figure.value) == (2, 8, 25.0)
    before = Selection(Period(FORTNIGHT.first, TODAY - timedelta(days=2)))
    assert ask(days.clinic, response_rates.of_all, before, RECOMMEND) is None
    anna = Selection(FORTNIGHT, employee="anna-north")
    assert ask(days.clinic, response_rates.of_all, anna, RECOMMEND) is None


def test_what_was_asked(days: Days) -> None:
    days.press("yes", "no", "yes")
    days.press("good", asked=Asked(survey="faces", question="q"), flags=["play"])
    found = ask(days.clinic, tallies.asked, ALL)
    assert {str(q): (dict(t.values), t.flagged) for q, t in found.items()} == {
        "faces/q": ({}, 1),
        "visit/q1": ({"yes": 2, "no": 1}, 0),
    }


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from([NORTH, SOUTH]),
        st.integers(0, 24 * 15),
        st.sampled_from(["yes", "no", "hard_to_say"]),
        st.sampled_from([[], [], ["play"]]),
    ),
    max_size=20,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(answers=ANSWERS)
def test_tallies_by_day_equal_a_count_by_hand(
    clinic: Clinic, answers: list[tuple[DeviceAddress, int, str, list[str]]]
) -> None:
    """Each example asks a question of its own, so that it counts nothing of the others."""
    with clinic.workplace.read() as work:
        number = len(tallies.asked(work, WHOLE, Selection(Period(date(2025, 1, 1), TODAY))))
    asked = Asked(survey="visit", question=f"example-{number}")
    epochs = {at: Terminal(clinic.clock, at, epoch=number + 2) for at in (NORTH, SOUTH)}
    by_hand: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    arrived = []
    for at, hours_ago, value, flags in answers:
        terminal = epochs[at]
        earlier(terminal, hours_ago)
        arrived.append(terminal.press(asked=asked, value=value, flags=flags))
        moment = datetime.fromtimestamp(clinic.clock.now_ms() / 1000, UTC)
        day = (moment - timedelta(hours=hours_ago)).astimezone(MADRID).date()
        if day >= FORTNIGHT.first:
            by_hand[at.facility, day]["flagged" if flags else value] += 1
    clinic.inbox.store(arrived)
    question = Question("visit", asked.question)
    found = ask(clinic, tallies.counted, ALL, question, Step.DAY)
    assert {
        (facility, day): {**tally.values, **({"flagged": tally.flagged} if tally.flagged else {})}
        for (facility, _), by_day in found.items()
        for day, tally in by_day.items()
    } == by_hand


JUDGED = st.lists(
    st.tuples(
        st.integers(0, 75),
        st.sampled_from(["anna-north", "boris"]),
        st.sampled_from(["yes", "no", "hard_to_say"]),
        st.sampled_from([[], [], ["staff"]]),
    ),
    max_size=25,
)
TOLD = st.dictionaries(
    st.tuples(
        st.integers(0, 75),
        st.sampled_from(["anna-north", "boris"]),
        st.sampled_from([BaseSource.TYPED_IN, BaseSource.TICKET_QUEUE]),
    ),
    st.integers(0, 9),
    max_size=40,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    answers=JUDGED,
    told=TOLD,
    known_months=st.sets(st.integers(4, 6)),
    withdrawn_months=st.sets(st.integers(4, 6)),
)
@example(
    answers=[(20, "anna-north", "yes", []), (21, "anna-north", "no", ["staff"])],
    told={(20, "anna-north", BaseSource.TYPED_IN): 3},
    known_months=set(),
    withdrawn_months=set(),
)
@example(
    answers=[(40, "anna-north", "yes", [])],
    told={(40, "anna-north", BaseSource.TYPED_IN): 3},
    known_months=set(),
    withdrawn_months={4, 5, 6},
)
def test_over_months_everybody_is_judged_as_day_by_day(
    clinic: Clinic,
    answers: list[tuple[int, str, str, list[str]]],
    told: dict[tuple[int, str, BaseSource], int],
    known_months: set[int],
    withdrawn_months: set[int],
) -> None:
    """Each example has a question of its own, and what it says of clients replaces what others said."""
    days = Days(clinic)
    quarter = Selection(Period(TODAY - timedelta(days=75), TODAY))
    with clinic.workplace.read() as work:
        number = len(tallies.asked(work, WHOLE, Selection(Period(date(2025, 1, 1), TODAY))))
    with clinic.workplace.begin() as work:
        if not number:
            boris = NewEmployee(id="boris", facility="north", name="Boris")
            identity.create_employee(work, WHOLE, boris)
        work.connection.execute(delete(Served))
        work.connection.execute(delete(ServedMonth))
    asked = Asked(survey="visit", question=f"judged-{number}")
    days.terminals[NORTH].epoch = number + 2
    for ago, who, value, flags in answers:
        days.press(value, ago=ago, employee=who, asked=asked, flags=flags)
    words = dict.fromkeys(
        (
            (ago, "anna-north", BaseSource.HOSPITAL_SYSTEM)
            for ago in range(76)
            if (TODAY - timedelta(days=ago)).month in known_months
        ),
        7,
    )
    with clinic.workplace.begin() as work:
        given = [
            NewServed(facility="north", employee=who, day=TODAY - timedelta(days=ago),
                      count=clients, source=source)
            for (ago, who, source), clients in {**words, **told}.items()
        ]  # fmt: skip
        served.enter(work, WHOLE, given, "maria")
        withdrawn = [
            ("north", one.employee or "", "", one.day, one.source.value)
            for one in given
            if one.day.month in withdrawn_months
        ]
        served.withdraw(work, WHOLE, withdrawn)
    question = Question("visit", asked.question)
    found = ask(clinic, figures_service.attraction_by_employee, quarter, question)
    by_day = ask(clinic, tallies.counted, quarter, question, Step.DAY, by="employee")
    bases = ask(clinic, served.bases, quarter.period, "employee")
    assert {one.employee: one.attraction for one in found} == {
        whose[1]: measured(
            ATTRACTION,
            str(question),
            quarter.period,
            [(by_day.get(whose, {}), bases.get(whose, ServedBase({})))],
        )
        for whose in {*by_day, *bases}
    }
    anna = replace(quarter, employee="anna-north")
    known = bases.get(("north", "anna-north"), ServedBase({}))
    judged = by_day.get(("north", "anna-north"), {})

    def expected(period: Period) -> Any:
        within = {day: t for day, t in judged.items() if period.first <= day <= period.last}
        return measured(ATTRACTION, str(question), period, [(within, known)])

    index = ask(clinic, figures_service.figure, anna, question, ATTRACTION)
    assert index == expected(quarter.period)
    for step in (Step.DAY, Step.WEEK, Step.MONTH):
        points = ask(clinic, figures_service.trend, anna, question, measure=ATTRACTION, step=step)
        assert [p.shown for p in points] == [expected(p.period) for p in points]


def test_presses_of_staff_are_in_no_figure(days: Days) -> None:
    """Whoever cleans or tries a terminal is no patient; flagged at once or only afterwards."""
    days.press("yes", "yes", "no", ago=40)
    days.clinic.inbox.store([days.terminals[NORTH].presence(approaches=4)])
    days.press("no", "no", flags=["staff"])
    days.press("no", flags=["staff"], employee="boris")
    terminal = days.terminals[NORTH]
    late = [terminal.press(value="no"), terminal.presence(approaches=4)]
    days.clinic.inbox.store(late)
    days.clinic.inbox.store([terminal.flag(terminal.sequence - 1, flag="staff")])
    days.served(10, ago=40)
    days.served(10)
    quarter = Selection(Period(TODAY - timedelta(days=75), TODAY))
    one_place = replace(quarter, touchpoint="reception-north")
    for selection in (quarter, one_place):
        for measure in (NPS, ATTRACTION, LOYALTY, ENGAGEMENT, PARTICIPATION):
            shown = ask(days.clinic, figures_service.figure, selection, RECOMMEND, measure)
            counted = shown.figure.n + shown.without_base
            assert counted == (0 if measure is NPS else 3)
        amounts = ask(days.clinic, figures_service.amounts, selection, None, Step.WHOLE)
        assert [(a.plain, a.flagged) for a in amounts] == [(3, 4)]
        heat = ask(days.clinic, figures_service.heat, selection)
        assert sum(map(sum, heat)) == 3
    people = ask(days.clinic, figures_service.attraction_by_employee, quarter, RECOMMEND)
    assert {p.employee: p.of_answers.figure.n for p in people} == {"anna-north": 3, "boris": 0}
    rate = ask(days.clinic, response_rates.of_all, quarter, RECOMMEND)
    assert rate.figure.n == 3
