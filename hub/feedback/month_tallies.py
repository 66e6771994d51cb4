"""Reading the counts of answers by the month, and of single days that a month's count does not tell apart.

Decides nothing about figures. For long periods, in which the days of everybody would be too many to read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, bitwise_not, case, func, select

from hub.core.listing import listed
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import day_number, day_of_number
from hub.feedback.figures.measures import Tally
from hub.feedback.questions import Question
from hub.feedback.served_months import served_month
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
    """One count of a month, or of several that are alike, under the first of them.

    `unknown` are the days of the month, bit 0 its first, of which others of the month's clients are known but theirs
    are not. A day more may be named than has answers. Months that are alike have none.
    """

    whose: Whose
    month: int
    unknown: int
    value: str
    flagged: bool
    answers: int


@needs(Permission.SEE_ANSWERS)
def by_month(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    by: Subject,
) -> Iterator[MonthCount]:
    """Of whole months: the counts of each employee or touchpoint.

    Months are alike when the clients of all days with answers are known, and when those of no day are.
    """
    c, base = answer_month.c, _bases(by)
    none_known = base.c.days.is_(None)
    unknown = case((none_known, 0), else_=c.days.bitwise_and(bitwise_not(base.c.days)))
    alike = case((none_known, -1), (unknown == 0, 0), else_=c.month)
    key = [c.facility, c[by], unknown, c.value, c.flagged]
    rows = (
        select(*key, func.min(c.month), func.sum(c.count))
        .join_from(answer_month, base, _same_month(by, base), isouter=True)
        .where(
            within(answer_month, scope, facilities_of(work, scope, selection)),
            selection.rows(answer_month),
            during(answer_month, selection.period),
            about(answer_month, question),
            c[by] != "",
        )
        .group_by(*key, alike)
    )
    for *counted, month, count in work.connection.execute(rows).all():
        facility, who, days, value, flagged = counted
        yield MonthCount((facility, who), month, days, value, flagged, int(count))


def _bases(by: Subject) -> Subquery:
    """The months of which anything is known, of what is counted by."""
    c = served_month.c
    return select(served_month).where(c[by] != "", c.days != 0).subquery("base")


def _same_month(by: Subject, base: Subquery) -> ColumnElement[bool]:
    names = ("organisation", "facility", by, "month")
    return and_(*(answer_month.c[name] == base.c[name] for name in names))


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
