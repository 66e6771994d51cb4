"""What is believed of a month's clients: kept in the transaction that stores the words it is made of.

Decides nothing about whom to believe; that is `figures.served`. Long periods of many people are read from here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import Table, select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.core.upserts import insert
from hub.feedback.figures.calendar import day_number, first_of_month, month_and_bit, month_number
from hub.feedback.figures.origin import BaseSource, Period
from hub.feedback.figures.served import ServedBase, Word, believed
from hub.feedback.tables import Served, ServedMonth

served: Table = Served.__table__  # type: ignore[attr-defined]
served_month: Table = ServedMonth.__table__  # type: ignore[attr-defined]

_KEY = tuple(served_month.primary_key.columns.keys())
_WHOSE = _KEY[1:4]

Place = tuple[str, str, str]
"""Facility, employee, touchpoint."""
Month = tuple[str, str, str, int]
"""The same, and the month's number."""


class MonthBase(NamedTuple):
    """Clients of the days of which anything is known, which days these are (bit 0 is the first), the worst source."""

    clients: int
    days: int
    source: BaseSource


def believe_anew(work: UnitOfWork, scope: Scope, told: Iterable[tuple[Place, date]]) -> None:
    """Work out the months anew of whose days something has just been told."""
    months = sorted({(*place, month_number(day)) for place, day in told})
    if not months:
        return
    new = insert(work.connection, served_month)
    measures = [name for name in served_month.c.keys() if name not in _KEY]  # noqa: SIM118
    locked = new.on_conflict_do_update(
        index_elements=_KEY, set_={"count": served_month.c.count}
    )  # another hub that was told of the same month ends its work before the words are read
    written = new.on_conflict_do_update(
        index_elements=_KEY, set_={name: new.excluded[name] for name in measures}
    )
    nothing = MonthBase(0, 0, BaseSource.TYPED_IN)
    work.connection.execute(locked, [_row(scope, month, nothing) for month in months])
    rows = [_row(scope, month, _month(base)) for month, base in _believed(work, scope, months)]
    work.connection.execute(written, rows)


@needs(Permission.SEE_ANSWERS)
def of_months(
    work: UnitOfWork,
    scope: Scope,
    months: Period,
    subject: Literal["employee", "touchpoint"],
    only: str | None = None,
) -> Mapping[tuple[str, str], dict[int, MonthBase]]:
    """What is believed of each of these whole months and of every employee or touchpoint, or of one."""
    c = served_month.c
    first, last = month_number(months.first), month_number(months.last)
    rows = select(c.facility, c[subject], c.month, c.count, c.days, c.source).where(
        scope.rows(c),
        c[subject] != "" if only is None else c[subject] == only,
        c.days != 0,
        c.month.between(first, last),
    )
    found: dict[tuple[str, str], dict[int, MonthBase]] = defaultdict(dict)
    for facility, who, month, count, days, source in work.connection.execute(rows).all():
        found[facility, who][month] = MonthBase(count, days, BaseSource(source))
    return found


def _believed(
    work: UnitOfWork, scope: Scope, months: list[Month]
) -> Iterator[tuple[Month, ServedBase]]:
    c = served.c
    among = [c[name].in_(sorted({month[i] for month in months})) for i, name in enumerate(_WHOSE)]
    first = first_of_month(min(month[-1] for month in months))
    after = first_of_month(max(month[-1] for month in months) + 1)
    rows = select(*(c[name] for name in _WHOSE), c.day, c.source, c.count).where(
        scope.rows(c), *among, c.day.between(first, after - timedelta(days=1))
    )
    words: dict[Month, list[Word]] = {month: [] for month in months}
    for *place, day, source, count in work.connection.execute(rows).all():
        told = words.get((*place, month_number(day)))
        if told is not None:
            told.append((day, BaseSource(source), count))
    for month, told in words.items():
        yield month, believed(told)


def _month(base: ServedBase) -> MonthBase:
    days = 0
    for day in base.days:
        days |= month_and_bit(day_number(day))[1]
    return MonthBase(base.count, days, base.source or BaseSource.TYPED_IN)


def _row(scope: Scope, month: Month, base: MonthBase) -> dict[str, Any]:
    key = dict(zip(_KEY, (scope.organisation, *month), strict=True))
    return {**key, "count": base.clients, "days": base.days, "source": base.source.value}
