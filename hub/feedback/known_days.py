"""Answers of days whose clients are known, apart from those of all other days, without reading every day.

What was answered in a step is read in one, and that of its unknown days, usually few, by themselves. The rest of the
step stands under one of its known days, as if it were that day; what is made of both is decided by `figures.measures`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import tallies
from hub.feedback.figures.calendar import (
    Step,
    day_number,
    day_of_number,
    days_of,
    step_starts,
)
from hub.feedback.figures.measures import Tally
from hub.feedback.figures.served import ServedBase
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection, Whose, about, answer_day, facility_day, within

ByDay = dict[Whose, dict[date, Tally]]


@needs(Permission.SEE_ANSWERS)
def counted_apart(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    *,
    step: Step,
    bases: Mapping[Whose, ServedBase],
) -> ByDay:
    """Of each facility: every step's answers, under a day that has a base, and under their own those that have none."""
    found = tallies.counted(work, scope, selection, question, step)
    if step is Step.DAY:
        return found
    days = list(days_of(selection.period))
    unknown = {
        facility: [day for day in days if day not in base.days]
        for (facility, _), base in bases.items()
    }
    apart = on_days(work, scope, selection, question, days=unknown)
    starts = step_starts(selection.period, step)
    result: ByDay = {}
    for whose, steps in found.items():
        base = bases.get(whose)
        if base is None:
            result[whose] = steps
            continue
        for day, tally in apart[whose].items():
            steps[starts[day]].take_back(tally)
        stands_for = {starts[day]: day for day in base.days if day in starts}
        known = {stands_for[start]: rest for start, rest in steps.items() if start in stands_for}
        result[whose] = known | apart[whose]
    return result


def on_days(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    *,
    days: Mapping[str, Collection[date]],
) -> dict[Whose, dict[date, Tally]]:
    """Of each facility, and of some days of the period alone."""
    found: dict[Whose, dict[date, Tally]] = {}
    counts = facility_day if selection.everybody else answer_day
    c = counts.c
    for facility, wanted in sorted(days.items()):
        rows = (
            select(c.day, c.value, c.flagged, func.sum(c.count))
            .where(within(counts, selection.narrowed(scope), [facility]), selection.rows(counts))
            .where(c.day.in_([day_number(day) for day in wanted]), about(counts, question))
            .group_by(c.day, c.value, c.flagged)
        )
        by_day: dict[date, Tally] = defaultdict(Tally)
        for day, value, flagged, count in work.connection.execute(rows):
            by_day[day_of_number(day)].take(value, int(count), flagged=flagged)
        found[facility, ""] = dict(by_day)
    return found
