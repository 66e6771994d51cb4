"""Reading the counts of answers by weekday and hour of each facility's own clocks: how many, or with what was answered.

Decides which of the counts to read, the coarsest that will do, and nothing about figures.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    Table,
    and_,
    func,
    literal_column,
    select,
    true,
)

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import Step, hour_of_week, spans, steady
from hub.feedback.figures.measures import Tally
from hub.feedback.questions import Question
from hub.feedback.tables import FacilityHour
from hub.feedback.tallies import Selection, about, answer_count, facilities_of, within
from hub.feedback.zones import zones

WEEK_H = 7 * 24
_week: ColumnElement[int] = literal_column(str(WEEK_H), BigInteger)

HourOfWeek = tuple[int, int]
"""Weekday (0 is Monday) and hour."""

facility_hour: Table = FacilityHour.__table__  # type: ignore[attr-defined]


@needs(Permission.SEE_ANSWERS)
def by_hour_of_week(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question | None
) -> Counter[HourOfWeek]:
    """Plain answers, whatever they said."""
    found: Counter[HourOfWeek] = Counter()
    for zone, first, counts, these in _steady_parts(work, scope, selection, question):
        rows = _amounts(work, counts, and_(these, counts.c.flagged.is_(False)))
        for rest, count in work.connection.execute(rows).all():
            found[_hour_of_week(rest, first, zone)] += int(count)
    return found


@needs(Permission.SEE_ANSWERS)
def tallies_by_hour_of_week(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> dict[HourOfWeek, Tally]:
    """The answers to one question; hours without any are not there."""
    found: defaultdict[HourOfWeek, Tally] = defaultdict(Tally)
    for zone, first, counts, these in _steady_parts(work, scope, selection, question):
        c = counts.c
        key = [(c.hour % _week).label("of_week"), c.value, c.flagged]
        rows = select(*key, func.sum(c.count)).where(these).group_by(*key)
        for *said, count in work.connection.execute(rows).all():
            rest, value, flagged = said
            found[_hour_of_week(rest, first, zone)].take(value, int(count), flagged=flagged)
    return dict(found)


def _amounts(work: UnitOfWork, counts: Table, these: ColumnElement[bool]) -> Select[Any]:
    """How many, by the rest that their hour leaves."""
    found: Table | Subquery = counts
    if work.connection.dialect.name == "sqlite":
        # It sorts what it groups: hour by hour first, in the order of the index, leaves fewer rows to be sorted.
        key = (counts.c.facility, counts.c.hour)
        hourly = select(*key, func.sum(counts.c.count).label("count")).where(these).group_by(*key)
        found, these = hourly.subquery(), true()
    of_week = found.c.hour % _week
    return select(of_week, func.sum(found.c.count)).where(these).group_by(of_week)


def _steady_parts(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question | None
) -> Iterator[tuple[ZoneInfo, int, Table, ColumnElement[bool]]]:
    """The counts to read and which of their rows, with the zone and first hour of a time in which no clock changes."""
    counts = facility_hour if selection.everybody else answer_count
    c = counts.c
    for zone, facilities in _zones(work, scope, selection):
        (span,) = spans(selection.period, Step.WHOLE, zone)
        meant = and_(
            within(counts, scope, facilities), selection.rows(counts), about(counts, question)
        )
        for first, end in steady(span, zone):
            yield zone, first, counts, and_(meant, c.hour >= first, c.hour < end)


def _hour_of_week(rest: int, first: int, zone: ZoneInfo) -> HourOfWeek:
    """Of the hours that leave this rest, the first one from `first` on tells for all of them."""
    return hour_of_week(first + (rest - first) % WEEK_H, zone)


def _zones(
    work: UnitOfWork, scope: Scope, selection: Selection
) -> Iterator[tuple[ZoneInfo, list[str]]]:
    """The facilities that are meant, by time zone."""
    meant = set(facilities_of(work, scope, selection))
    for zone, facilities in zones(work, scope):
        if here := [facility for facility in facilities if facility in meant]:
            yield zone, here
