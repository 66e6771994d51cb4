"""Reading the counts of answers by the month, and of single days that a month's count does not tell apart.

Decides nothing about figures. For long periods, in which the days of everybody would be too many to read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, select

from hub.core.listing import listed
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import day_number, day_of_number
from hub.feedback.figures.measures import Tally
from hub.feedback.questions import Question
from hub.feedback.tallies import (
    Selection,
    Subject,
    Whose,
    about,
    answer_day,
    answer_month,
    during,
    facilities_of,
    within,
)

WhoseDay = tuple[Whose, date]


class MonthCount(NamedTuple):
    """One count of a month; bit 0 of `days` is its first. A day more may be named than has answers."""

    whose: Whose
    month: int
    value: str
    flagged: bool
    answers: int
    days: int


@needs(Permission.SEE_ANSWERS)
def by_month(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    by: Subject,
) -> Iterator[MonthCount]:
    """Of whole months: each count of each employee or touchpoint, and on which days of the month it arose."""
    c = answer_month.c
    rows = select(c.facility, c[by], c.month, c.value, c.flagged, c.count, c.days).where(
        within(answer_month, scope, facilities_of(work, scope, selection)),
        selection.rows(answer_month),
        during(answer_month, selection.period),
        about(answer_month, question),
        c[by] != "",
    )
    for facility, who, *counted in work.connection.execute(rows).all():
        yield MonthCount((facility, who), *counted)


@needs(Permission.SEE_ANSWERS)
def on_days(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    *,
    by: Subject,
    days: Collection[WhoseDay],
) -> dict[WhoseDay, Tally]:
    """Of each of these single days of an employee or touchpoint."""
    c = answer_day.c
    found: dict[WhoseDay, Tally] = defaultdict(Tally)
    wanted = listed(
        work.connection,
        {"facility": str, "who": str, "day": int},
        [(*whose, day_number(day)) for whose, day in sorted(days)],
    )
    this = and_(c.facility == wanted.c.facility, c[by] == wanted.c.who, c.day == wanted.c.day)
    rows = (
        select(c.facility, c[by], c.day, c.value, c.flagged, c.count)
        .join_from(wanted, answer_day, this)
        .where(selection.narrowed(scope).rows(c), selection.rows(answer_day))
        .where(about(answer_day, question))
    )
    for facility, who, day, value, flagged, count in work.connection.execute(rows).all():
        tally = found[(facility, who), day_of_number(day)]
        tally.take(value, count, flagged=flagged)
    return found
