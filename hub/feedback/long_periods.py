"""Answers to and clients of every employee over a long period, read by the month wherever the days would say the same.

They would where the clients served are known of every day of the month on which somebody was judged, or of none. Such
a month then stands under its first day, as if it were one; all other days stand under themselves. What is made of
both is decided by `figures.measures`.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import served, served_months, tallies
from hub.feedback.figures.calendar import Step, by_whole_months, first_of_month, month_number
from hub.feedback.figures.measures import Tally
from hub.feedback.figures.origin import BaseSource, Period
from hub.feedback.figures.served import ServedBase
from hub.feedback.tallies import MonthCount, Question, Selection, Whose

Open = dict[Whose, set[int]]
"""Months that have to be looked at day by day."""


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


def judged(work: UnitOfWork, scope: Scope, selection: Selection, question: Question) -> Judged:
    """Of each employee who was judged or served somebody in the period."""
    found = Judged()
    months, edges = by_whole_months(selection.period)
    if months is not None:
        whole = replace(selection, period=months)
        for whose, numbers in _take_months(found, work, scope, whole, question).items():
            facility, employee = whose
            period = Period(first_of_month(min(numbers)), months.last)
            mine = replace(selection, facility=facility, employee=employee, period=period)
            _take_days(found, work, scope, mine, question, only=numbers)
    for edge in edges:
        _take_days(found, work, scope, replace(selection, period=edge), question)
    return found


def _take_months(
    found: Judged, work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> Open:
    """Take what months can say, and return those that cannot."""
    inside = selection.narrowed(scope)
    bases = served_months.of_months(work, inside, selection.period, "employee", selection.employee)
    counts = list(tallies.by_month(work, scope, selection, question, "employee"))
    unclear: Open = defaultdict(set)
    for row in counts:
        base = bases.get(row.whose, {}).get(row.month)
        if base is not None and row.days & ~base.days:
            unclear[row.whose].add(row.month)
    for row in counts:
        if row.month not in unclear.get(row.whose, ()):
            _take(found, row)
    for whose, by_month in bases.items():
        for month, base in by_month.items():
            if month not in unclear.get(whose, ()):
                found.clients[whose][first_of_month(month)] = (base.clients, base.source)
    return unclear


def _take(found: Judged, row: MonthCount) -> None:
    tally = found.answers[row.whose][first_of_month(row.month)]
    tally.take(row.value, row.answers, flagged=row.flagged)


def _take_days(
    found: Judged,
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    *,
    only: set[int] | None = None,
) -> None:
    """Take the days of the period, or of some of its months."""
    counted = tallies.counted(work, scope, selection, question, Step.DAY, by="employee")
    bases = served.bases(
        work, selection.narrowed(scope), selection.period, "employee", selection.employee
    )
    for whose, days in counted.items():
        for day, tally in days.items():
            if only is None or month_number(day) in only:
                found.answers[whose][day] = tally
    for whose, base in bases.items():
        for day, clients in base.days.items():
            if only is None or month_number(day) in only:
                found.clients[whose][day] = clients
