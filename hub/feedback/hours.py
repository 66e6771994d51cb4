"""Reading the counts of answers by weekday and hour of each facility's own clocks: how many, or with what was answered.

Decides which of the counts to read, the coarsest that will do, and nothing about figures.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Table, func, literal_column, select

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
    for hour, flagged, count in _counted(work, scope, selection, question, "flagged"):
        found[hour] += 0 if flagged else count
    return found


@needs(Permission.SEE_ANSWERS)
def tallies_by_hour_of_week(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> dict[HourOfWeek, Tally]:
    """The answers to one question; hours without any are not there."""
    found: defaultdict[HourOfWeek, Tally] = defaultdict(Tally)
    rows = _counted(work, scope, selection, question, "value", "flagged")
    for hour, value, flagged, count in rows:
        found[hour].take(value, count, flagged=flagged)
    return dict(found)


def _counted(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question | None, *by: str
) -> Iterator[tuple[Any, ...]]:
    """The hour of the week, these columns, and how many answers there were, some rows to each hour."""
    counts = facility_hour if selection.everybody else answer_count
    c = counts.c
    columns = [(c.hour % _week).label("of_week"), *(c[name] for name in by)]
    for zone, facilities in _zones(work, scope, selection):
        (span,) = spans(selection.period, Step.WHOLE, zone)
        for first, end in steady(span, zone):
            rows = (
                select(*columns, func.sum(c.count))
                .where(within(counts, scope, facilities), selection.rows(counts))
                .where(c.hour >= first, c.hour < end, about(counts, question))
                .group_by(*columns)
            )
            for rest, *said, count in work.connection.execute(rows).all():
                hour = first + (rest - first) % WEEK_H
                yield hour_of_week(hour, zone), *said, int(count)


def _zones(
    work: UnitOfWork, scope: Scope, selection: Selection
) -> Iterator[tuple[ZoneInfo, list[str]]]:
    """The facilities that are meant, by time zone."""
    meant = set(facilities_of(work, scope, selection))
    for zone, facilities in zones(work, scope):
        if here := [facility for facility in facilities if facility in meant]:
            yield zone, here
