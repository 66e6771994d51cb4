"""From counted answers to figures: what the codes mean, and which days a figure is made of."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.feedback.figures.figure import Alarm, Base
from hub.feedback.figures.loyalty import LoyaltyRule
from hub.feedback.figures.measures import (
    ATTRACTION,
    ATTRACTION_OF_ANSWERS,
    ENGAGEMENT,
    LOYALTY,
    NPS,
    PARTICIPATION,
    Measure,
    Tally,
    loyalty_by,
    measured,
)
from hub.feedback.figures.origin import BaseSource, Period
from hub.feedback.figures.publishing import Standing
from hub.feedback.figures.served import ServedBase

MONDAY = date(2025, 6, 9)
WEEK = Period(MONDAY, MONDAY + timedelta(days=6))
NOBODY_KNOWS = ServedBase({})


def tally(flagged: int = 0, **values: int) -> Tally:
    return Tally(Counter(values), flagged)


def scores(**counts: int) -> Tally:
    return Tally(Counter({name[1:]: count for name, count in counts.items()}))


def base(*counts: int, source: BaseSource = BaseSource.TICKET_QUEUE) -> ServedBase:
    """So many on Monday, so many on Tuesday …"""
    return ServedBase({MONDAY + timedelta(days=i): (n, source) for i, n in enumerate(counts)})


@pytest.mark.parametrize(
    ("measure", "answers", "served", "value"),
    [
        (NPS, scores(_9=1, _10=1, _7=1, _6=1, _0=1), 0, 0.0),
        (ATTRACTION, tally(yes=14, no=4, hard_to_say=2), 200, 5.0),
        (ATTRACTION_OF_ANSWERS, tally(yes=14, no=4, hard_to_say=2), 0, 50.0),
        (LOYALTY, tally(very_good=20, good=10, bad=4, very_bad=2), 400, 6.0),
        (LOYALTY, tally(positive=30, negative=6), 400, 6.0),
        (ENGAGEMENT, tally(positive=30, negative=6), 400, 9.0),
        (PARTICIPATION, tally(yes=15, no=5), 200, 10.0),
    ],
)
def test_the_vectors_of_the_formulae(
    measure: Measure, answers: Tally, served: int, value: float
) -> None:
    shown = measured(measure, "visit/q1", WEEK, [({MONDAY: answers}, base(served))])
    assert shown.figure.value == pytest.approx(value)


def test_answers_that_are_no_score_are_not_in_the_nps() -> None:
    strange = Tally(Counter({"9": 1, "10": 1, "11": 5, "-1": 5, "declined": 5, "": 5, "9.0": 5}))
    shown = measured(NPS, "nps/q", WEEK, [({MONDAY: strange}, NOBODY_KNOWS)])
    assert (shown.figure.n, shown.figure.value) == (2, 100.0)


def test_a_press_without_a_known_meaning_is_neutral() -> None:
    presses = tally(so_so=2, good=1, bad=1, **{"": 3})
    shown = measured(LOYALTY, "visit/q", WEEK, [({MONDAY: presses}, base(100))])
    assert (shown.figure.n, shown.figure.value) == (7, 0.0)


def test_a_figure_has_only_the_days_whose_base_is_known() -> None:
    days = {MONDAY: tally(yes=10, flagged=1), MONDAY + timedelta(days=2): tally(yes=7, flagged=5)}
    shown = measured(ATTRACTION, "visit/q1", WEEK, [(days, base(50, 50))])
    assert (shown.figure.n, shown.figure.base, shown.figure.value) == (10, 100, 10.0)
    assert shown.without_base == 7
    assert shown.figure.origin is not None
    assert (shown.figure.origin.base_source, shown.figure.origin.flagged) == (
        BaseSource.TICKET_QUEUE,
        1,
    )


def test_without_a_base_nothing_is_said() -> None:
    shown = measured(ATTRACTION, "visit/q1", WEEK, [({MONDAY: tally(yes=40)}, NOBODY_KNOWS)])
    assert (shown.figure.value, shown.figure.alarm) == (None, None)
    assert (shown.standing, shown.without_base) == (Standing.TOO_FEW, 40)


def test_more_answers_than_clients_served_raise_the_alarm() -> None:
    shown = measured(ATTRACTION, "visit/q1", WEEK, [({MONDAY: tally(yes=8, no=4)}, base(9))])
    assert (shown.figure.value, shown.figure.alarm) == (None, Alarm.BASE_INCONSISTENT)
    assert shown.standing is Standing.WITHHELD


def test_the_source_of_a_sum_is_the_worst_of_its_parts() -> None:
    """And a facility of which nothing is known adds neither answers nor clients."""
    parts = [
        ({MONDAY: tally(positive=5)}, base(50, source=BaseSource.HOSPITAL_SYSTEM)),
        ({MONDAY: tally(negative=5)}, base(50, source=BaseSource.PEOPLE_COUNTER)),
        ({MONDAY: tally(negative=90)}, NOBODY_KNOWS),
    ]
    shown = measured(LOYALTY, "visit/q", WEEK, parts)
    assert shown.figure.origin is not None
    assert shown.figure.origin.base_source is BaseSource.PEOPLE_COUNTER
    assert (shown.figure.n, shown.figure.base, shown.without_base) == (10, 100, 90)


def test_clients_served_outside_the_period_are_not_in_the_base() -> None:
    tuesday = Period(MONDAY + timedelta(days=1), WEEK.last)
    shown = measured(PARTICIPATION, "visit/q", tuesday, [({}, base(50, 20, 10))])
    assert shown.figure.base == 30


def test_a_rule_on_the_base_of_answers_needs_no_clients() -> None:
    measure = loyalty_by(LoyaltyRule(base_of=Base.ANSWERS))
    shown = measured(measure, "visit/q", WEEK, [({MONDAY: tally(good=3, bad=1)}, NOBODY_KNOWS)])
    assert (shown.figure.value, shown.figure.formula) == (50.0, "loyalty/1(base=answers)")


DAYS = st.dictionaries(
    st.integers(0, 6).map(lambda day: MONDAY + timedelta(days=day)),
    st.builds(tally, yes=st.integers(0, 9), no=st.integers(0, 9), flagged=st.integers(0, 9)),
)


@given(DAYS, st.lists(st.integers(0, 40), max_size=7))
def test_no_answer_is_forgotten_and_none_counted_twice(
    days: dict[date, Tally], counts: list[int]
) -> None:
    shown = measured(ATTRACTION, "visit/q1", WEEK, [(days, base(*counts))])
    assert shown.figure.n + shown.without_base == sum(t.count for t in days.values())
    assert shown.figure.base == sum(counts)


@given(DAYS, st.lists(st.integers(20, 60), min_size=7, max_size=7))
def test_swapping_yes_and_no_turns_the_figure_round_and_changes_nothing_else(
    days: dict[date, Tally], counts: list[int]
) -> None:
    swapped = {
        day: tally(yes=t.values["no"], no=t.values["yes"], flagged=t.flagged)
        for day, t in days.items()
    }
    one = measured(ATTRACTION, "visit/q1", WEEK, [(days, base(*counts))])
    other = measured(ATTRACTION, "visit/q1", WEEK, [(swapped, base(*counts))])
    assert (one.figure.n, one.standing) == (other.figure.n, other.standing)
    assert one.figure.low == pytest.approx(-other.figure.high)
