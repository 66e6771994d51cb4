"""The figures that pages show, each with interval, n, base, source, period, formula and how much of it may be shown.

Decides which counts and which base belong to a figure; the formulae are `figures`' and the reading of counts is
`tallies`'. Days are those of each facility's own calendar. One figure is always about one question.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import hours, long_periods, served, tallies
from hub.feedback.figures.calendar import Step, parts_of, step_starts
from hub.feedback.figures.measures import (
    ATTRACTION,
    ATTRACTION_OF_ANSWERS,
    Measure,
    Shown,
    Tally,
    measured,
)
from hub.feedback.figures.origin import Period
from hub.feedback.figures.ranking import ranked
from hub.feedback.figures.served import ServedBase
from hub.feedback.known_days import counted_apart
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection, Whose

NOBODY_KNOWS = ServedBase({})

V = TypeVar("V")

ByDay = Mapping[Whose, Mapping[date, Tally]]
Bases = Mapping[Whose, ServedBase]


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a series; the first and the last week may be cut off."""

    period: Period
    shown: Shown


@dataclass(frozen=True, slots=True)
class Amount:
    """How many answers there were, whatever was asked."""

    period: Period
    plain: int
    flagged: int


@dataclass(frozen=True, slots=True)
class OfEmployee:
    """One person's index of attraction; `rank` is None where it is not publishable.

    `of_answers` is the secondary figure, on the base of those who answered. Never shown without saying so.
    """

    facility: str
    employee: str
    attraction: Shown
    of_answers: Shown
    rank: int | None


@needs(Permission.SEE_ANSWERS)
def figure(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question, measure: Measure
) -> Shown:
    """One figure of everything selected."""
    bases = _bases(work, scope, selection) if measure.needs_base else {}
    found = counted_apart(work, scope, selection, question, step=Step.WHOLE, bases=bases)
    return _measured(measure, question, selection.period, found, bases)


@needs(Permission.SEE_ANSWERS)
def trend(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    *,
    measure: Measure,
    step: Step,
) -> list[Point]:
    """The same figure of each day or week, the first one first; those without answers too."""
    bases = _bases(work, scope, selection) if measure.needs_base else {}
    found = counted_apart(work, scope, selection, question, step=step, bases=bases)
    starts = step_starts(selection.period, step)
    answers = _by_step(found, starts)
    clients = _by_step({whose: base.days for whose, base in bases.items()}, starts)
    return [
        Point(
            part,
            _measured(
                measure,
                question,
                part,
                answers[part.first],
                {whose: ServedBase(days) for whose, days in clients[part.first].items()},
            ),
        )
        for part in parts_of(selection.period, step)
    ]


@needs(Permission.SEE_ANSWERS)
def amounts(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question | None, step: Step
) -> list[Amount]:
    """How many answers there were on each day or in each week; without a question, to all of them."""
    found = tallies.how_many(work, scope, selection, question, step)
    none = tallies.Amounts(0, 0)
    return [Amount(part, *found.get(part.first, none)) for part in parts_of(selection.period, step)]


@needs(Permission.SEE_ANSWERS)
def attraction_by_employee(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> list[OfEmployee]:
    """Everybody who was judged or served somebody: ranked where intervals separate, the others last, by name."""
    judged = long_periods.judged(work, scope, selection, question)
    found, bases = judged.answers, judged.bases()
    everybody = {
        whose
        for whose in {*found, *bases}
        if selection.employee in (None, whose[1])
        and (selection.touchpoint is None or whose in found)
    }
    if selection.touchpoint is not None:  # nobody says how many somebody served at one touchpoint
        bases = {}
    figures: dict[Whose, tuple[Shown, Shown]] = {}
    for whose in sorted(everybody):
        mine = [(found.get(whose, {}), bases.get(whose, NOBODY_KNOWS))]
        figures[whose] = (
            measured(ATTRACTION, str(question), selection.period, mine),
            measured(ATTRACTION_OF_ANSWERS, str(question), selection.period, mine),
        )
    places = ranked((whose, attraction.figure) for whose, (attraction, _) in figures.items())
    return [OfEmployee(*place.group, *figures[place.group], place.rank) for place in places]


@needs(Permission.SEE_ANSWERS)
def by_subject(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    *,
    measure: Measure,
    subject: tallies.Subject,
) -> dict[Whose, Shown]:
    """The figure of each employee or touchpoint that was selected and got an answer, by its own base."""
    found = tallies.counted(work, scope, selection, question, Step.DAY, by=subject)
    bases: Bases = {}
    if measure.needs_base and None in (selection.employee, selection.touchpoint):
        bases = served.bases(work, selection.narrowed(scope), selection.period, subject)
    return {
        whose: measured(
            measure, str(question), selection.period, [(days, bases.get(whose, NOBODY_KNOWS))]
        )
        for whose, days in sorted(found.items())
    }


@needs(Permission.SEE_ANSWERS)
def heat(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question | None = None
) -> list[list[int]]:
    """Plain answers by weekday (the first row is Monday's) and hour of the facility's clocks: 7 rows of 24."""
    found = hours.by_hour_of_week(work, scope, selection, question)
    return [[found[weekday, hour] for hour in range(24)] for weekday in range(7)]


def _bases(work: UnitOfWork, scope: Scope, selection: Selection) -> Bases:
    """By facility: of all of it, or of the one employee or touchpoint selected; of both at once nobody knows."""
    if selection.employee is not None and selection.touchpoint is not None:
        return {}
    wanted, subject = _subject(selection)
    found = served.bases(work, selection.narrowed(scope), selection.period, subject, wanted)
    return {(facility, ""): base for (facility, _who), base in found.items()}


def _subject(selection: Selection) -> tuple[str | None, served.Subject]:
    if selection.employee is not None:
        return selection.employee, "employee"
    if selection.touchpoint is not None:
        return selection.touchpoint, "touchpoint"
    return None, "facility"


def _by_step(
    found: Mapping[Whose, Mapping[date, V]], starts: Mapping[date, date]
) -> defaultdict[date, dict[Whose, dict[date, V]]]:
    """What is known of days, by the first day of the step in which each is."""
    steps: defaultdict[date, dict[Whose, dict[date, V]]] = defaultdict(dict)
    for whose, days in found.items():
        for day, what in days.items():
            steps[starts[day]].setdefault(whose, {})[day] = what
    return steps


def _measured(
    measure: Measure, question: Question, period: Period, found: ByDay, bases: Bases
) -> Shown:
    whose = sorted({*found, *bases})
    parts = [(found.get(one, {}), bases.get(one, NOBODY_KNOWS)) for one in whose]
    return measured(measure, str(question), period, parts)
