"""Reading the counts of answers: how often each value was given, by day or week of each facility's own calendar.

Decides which of the counts to read, the coarsest that will do, and nothing about figures. Every function takes the
scope, and reads nothing outside it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Table, and_, func, literal_column, select

from hub.core.errors import BadInput
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import (
    Step,
    by_whole_months,
    day_number,
    month_number,
    step_starts,
)
from hub.feedback.figures.measures import Tally
from hub.feedback.figures.origin import Period
from hub.feedback.questions import Question
from hub.feedback.tables import (
    AnswerCount,
    AnswerDay,
    AnswerMonth,
    FacilityDay,
    FacilityMonth,
)
from hub.identity import service as identity

answer_count: Table = AnswerCount.__table__  # type: ignore[attr-defined]
answer_day: Table = AnswerDay.__table__  # type: ignore[attr-defined]
answer_month: Table = AnswerMonth.__table__  # type: ignore[attr-defined]
facility_day: Table = FacilityDay.__table__  # type: ignore[attr-defined]
facility_month: Table = FacilityMonth.__table__  # type: ignore[attr-defined]

Subject = Literal["employee", "touchpoint"]
Whose = tuple[str, str]
"""Facility, and the employee or touchpoint in it ("" for all of it)."""
Condition = ColumnElement[bool]

WEEK = 7
TO_MONDAY = 7_000_003
"""From 1970-01-01, a Thursday, to a Monday so long before that no number of a day is negative: databases cut off."""
_to_monday: ColumnElement[int] = literal_column(str(TO_MONDAY), BigInteger)
_week: ColumnElement[int] = literal_column(str(WEEK), BigInteger)


class Amounts(NamedTuple):
    """How many answers there were, whatever they said."""

    plain: int
    flagged: int

    def plus(self, count: int, *, flagged: bool) -> "Amounts":
        """With some more."""
        return Amounts(self.plain + (not flagged) * count, self.flagged + flagged * count)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a page shows; None leaves it open."""

    period: Period
    facility: str | None = None
    touchpoint: str | None = None
    employee: str | None = None

    def narrowed(self, scope: Scope) -> Scope:
        """The part of the scope that is meant; BadInput where it is none."""
        if self.facility is None:
            return scope
        if not scope.covers(scope.organisation, self.facility):
            raise BadInput("facility", _("There is no such facility."))
        return scope.within(self.facility)

    @property
    def everybody(self) -> bool:
        """Whether no single employee or touchpoint is meant."""
        return self.touchpoint is None and self.employee is None

    def rows(self, counts: Table) -> Condition:
        """The counts that are meant, of whatever facility."""
        wanted = {"touchpoint": self.touchpoint, "employee": self.employee}
        return and_(True, *(counts.c[name] == v for name, v in wanted.items() if v is not None))


@needs(Permission.SEE_ANSWERS)
def asked(work: UnitOfWork, scope: Scope, selection: Selection) -> dict[Question, Tally]:
    """Which questions that judge were answered, and how; by survey and question."""
    found: dict[Question, Tally] = defaultdict(Tally)
    for counts, these in _sources(work, scope, selection, Step.WHOLE, by=None):
        c = counts.c
        rows = (
            select(c.survey, c.question, c.value, c.flagged, func.sum(c.count))
            .where(these)
            .group_by(c.survey, c.question, c.value, c.flagged)
        )
        for survey, question, value, flagged, count in work.connection.execute(rows).all():
            found[Question(survey, question)].take(value, int(count), flagged=flagged)
    return {question: found[question] for question in sorted(found) if question.judges}


@needs(Permission.SEE_ANSWERS)
def counted(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question | None,
    step: Step,
    *,
    by: Subject | None = None,
) -> dict[Whose, dict[date, Tally]]:
    """Of each facility, or each employee or touchpoint in it: a tally for each step, under its first day.

    Without a question the answers to all of them, which is good for nothing but saying how many there were.
    """
    starts = _starts(selection.period, step)
    found: dict[Whose, dict[date, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for counts, these in _sources(work, scope, selection, step, by):
        c = counts.c
        name = [] if by is None else [c[by]]
        span = [] if step is Step.WHOLE else [_span(step, c.day)]
        key = [c.facility, *name, *span, c.value, c.flagged]
        rows = (
            select(*key, func.sum(c.count))
            .where(these, about(counts, question), *(one != "" for one in name))
            .group_by(*key)
        )
        for row in work.connection.execute(rows).all():
            *whose, value, flagged, count = row
            start = starts[whose.pop()] if span else selection.period.first
            facility, who = whose if name else (*whose, "")
            found[facility, who][start].take(value, int(count), flagged=flagged)
    return {whose: dict(days) for whose, days in found.items()}


@needs(Permission.SEE_ANSWERS)
def how_many(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question | None, step: Step
) -> dict[date, Amounts]:
    """Of each step, under its first day, and whatever was answered. Steps without answers are not there."""
    starts = _starts(selection.period, step)
    found: dict[date, Amounts] = {}
    ((counts, these),) = _sources(work, scope, selection, Step.DAY, by=None)
    week_or_day, is_flagged = _span(step, counts.c.day), counts.c.flagged
    rows = (
        select(week_or_day, is_flagged, func.sum(counts.c.count))
        .where(these, about(counts, question))
        .group_by(week_or_day, is_flagged)
    )
    for span, flagged, count in work.connection.execute(rows).all():
        start = starts[span]
        found[start] = found.get(start, Amounts(0, 0)).plus(int(count), flagged=flagged)
    return found


@needs(Permission.SEE_ANSWERS)
def facilities_of(work: UnitOfWork, scope: Scope, selection: Selection) -> list[str]:
    """Those that have anything of what is selected. Named one by one: the counts of each lie together in the index."""
    inside = selection.narrowed(scope)
    facilities = sorted(identity.time_zones(work, inside))
    if selection.everybody:
        return facilities
    first, last = day_number(selection.period.first), day_number(selection.period.last)
    having = select(answer_day.c.facility).where(
        within(answer_day, scope, facilities),
        selection.rows(answer_day),
        answer_day.c.day.between(first, last),
    )
    return sorted(work.connection.execute(having.distinct()).scalars())


def within(table: Table, scope: Scope, facilities: Iterable[str]) -> Condition:
    return and_(
        table.c.organisation == scope.organisation, table.c.facility.in_(sorted(facilities))
    )


def _sources(
    work: UnitOfWork, scope: Scope, selection: Selection, step: Step, by: Subject | None
) -> list[tuple[Table, Condition]]:
    """The counts from which all that is selected can be summed up, and which of their rows."""
    facilities = facilities_of(work, scope, selection)

    def of(counts: Table, period: Period) -> tuple[Table, Condition]:
        return counts, and_(
            within(counts, scope, facilities), selection.rows(counts), during(counts, period)
        )

    whole = by is None and selection.everybody
    daily, monthly = (facility_day, facility_month) if whole else (answer_day, answer_month)
    if step is not Step.WHOLE:
        return [of(daily, selection.period)]
    months, edges = by_whole_months(selection.period)
    found = [of(daily, edge) for edge in edges]
    return found if months is None else [*found, of(monthly, months)]


def _span(step: Step, day: ColumnElement[int]) -> ColumnElement[int]:
    """What the database groups days by: whole weeks where weeks are asked for."""
    return (day + _to_monday) // _week if step is Step.WEEK else day


def _starts(period: Period, step: Step) -> dict[int, date]:
    """The first day of the step to which a group of days belongs."""
    starts = step_starts(period, step)
    if step is Step.WEEK:
        return {(day_number(day) + TO_MONDAY) // WEEK: start for day, start in starts.items()}
    return {day_number(day): start for day, start in starts.items()}


def during(counts: Table, period: Period) -> Condition:
    """In days, or in the whole months that the period consists of."""
    span, number = (
        (counts.c.month, month_number) if "month" in counts.c else (counts.c.day, day_number)
    )
    return span.between(number(period.first), number(period.last))


def about(counts: Table, question: Question | None) -> Condition:
    if question is None:
        return and_(True)
    return and_(counts.c.survey == question.survey, counts.c.question == question.question)
