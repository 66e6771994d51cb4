"""Answers to and clients of every employee over a long period, read by the month wherever the days would say the same.

They would but for days on which somebody was judged and nobody has said how many were served: of a month that has both
kinds, such days are read by themselves. What remains of the month stands under one of its other days, as if it were
that day. Days at the edges, which make no whole month, are taken together in the same way. What is made of all of them
is decided by `figures.measures`.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import month_tallies, served, served_months, tallies
from hub.feedback.figures.calendar import (
    Step,
    by_whole_months,
    days_of,
    days_of_bits,
    month_number,
)
from hub.feedback.figures.measures import Tally, added
from hub.feedback.figures.origin import BaseSource
from hub.feedback.figures.served import ServedBase
from hub.feedback.month_tallies import WhoseDay
from hub.feedback.questions import Question
from hub.feedback.served_months import MonthBase
from hub.feedback.tallies import Selection, Whose


@dataclass(frozen=True, slots=True)
class Judged:
    """What was answered about everybody and how many they served, by days and by months that stand for their days."""

    answers: dict[Whose, dict[date, Tally]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Tally))
    )
    clients: dict[Whose, dict[date, tuple[int, BaseSource]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def bases(self) -> Mapping[Whose, ServedBase]:
        return {whose: ServedBase(days) for whose, days in self.clients.items()}


@needs(Permission.SEE_ANSWERS)
def judged(work: UnitOfWork, scope: Scope, selection: Selection, question: Question) -> Judged:
    """Of each employee who was judged or served somebody in the period."""
    found = Judged()
    months, edges = by_whole_months(selection.period)
    if months is not None:
        _take_months(found, work, scope, replace(selection, period=months), question)
    for edge in edges:
        _take_days(found, work, scope, replace(selection, period=edge), question)
    return found


def _take_months(
    found: Judged, work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> None:
    bases = served_months.of_months(
        work, selection.narrowed(scope), selection.period, "employee", selection.employee
    )
    without_base: set[WhoseDay] = set()
    for row in month_tallies.by_month(work, scope, selection, question, "employee"):
        base = bases.get(row.whose, {}).get(row.month)
        stands_for = _stands_for(row.month, base)
        found.answers[row.whose][stands_for].take(row.value, row.answers, flagged=row.flagged)
        if row.unknown:
            unknown = days_of_bits(row.month, row.unknown)
            without_base.update((row.whose, day) for day in unknown)
    for whose, by_month in bases.items():
        for month, base in by_month.items():
            found.clients[whose][_stands_for(month, base)] = (base.clients, base.source)
    counted = month_tallies.on_days(
        work, scope, selection, question, by="employee", days=without_base
    )
    for (whose, day), tally in counted.items():
        month = month_number(day)
        rest = found.answers[whose][_stands_for(month, bases[whose][month])]
        rest.take_back(tally)
        found.answers[whose][day] = tally


def _stands_for(month: int, base: MonthBase | None) -> date:
    """A day whose clients are known; without any the first."""
    return _first_day(month, base.days if base else 1)


@lru_cache(maxsize=4096)
def _first_day(month: int, bits: int) -> date:
    """Of those that are named: the same few for everybody."""
    return next(days_of_bits(month, bits))


def _take_days(
    found: Judged, work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> None:
    """The same for days that make no whole month, all at once."""
    counted = tallies.counted(work, scope, selection, question, Step.WHOLE, by="employee")
    bases = served.bases(
        work, selection.narrowed(scope), selection.period, "employee", selection.employee
    )
    days = frozenset(days_of(selection.period))
    without_base = {
        (whose, day)
        for whose in counted.keys() & bases.keys()
        for day in days.difference(bases[whose].days)
    }
    rest: dict[Whose, Tally] = {}
    for whose, answers in counted.items():
        stands_for = min(bases[whose].days) if whose in bases else selection.period.first
        rest[whose] = found.answers[whose][stands_for] = added(answers.values())
    for whose, base in bases.items():
        found.clients[whose].update(base.days)
    apart = month_tallies.on_days(
        work, scope, selection, question, by="employee", days=without_base
    )
    for (whose, day), tally in apart.items():
        rest[whose].take_back(tally)
        found.answers[whose][day] = tally
