"""From counts by the hour to counts by the day, in the same transaction.

Decides to which day of a facility's calendar an hour belongs. A facility whose time zone were changed would have to be
counted anew.
"""

from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import Table, delete, select

from hub.core.bulk import Row
from hub.core.counting import add_counts, drop_zeros
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import day_of_hour
from hub.feedback.tables import AnswerCount, AnswerDay
from hub.identity import service as identity

ALL = 1_000_000
"""More facilities than anybody has."""
READ_AT_ONCE = 10_000

UTC = ZoneInfo("UTC")

answer_count: Table = AnswerCount.__table__  # type: ignore[attr-defined]
answer_day: Table = AnswerDay.__table__  # type: ignore[attr-defined]


def add_by_day(work: UnitOfWork, by_hour: Iterable[Row]) -> list[Row]:
    """Add counts by the hour to their days; returns the keys that were touched."""
    zones: dict[str, dict[str, ZoneInfo]] = {}
    days: dict[tuple[str, int], int] = {}
    counts: Counter[Row] = Counter()
    for organisation, facility, hour, *rest, count in by_hour:
        if organisation not in zones:
            zones[organisation] = _zones(work, organisation)
        day = days.get((facility, hour))
        if day is None:
            day = day_of_hour(hour, zones[organisation].get(facility, UTC))
            days[facility, hour] = day
        counts[organisation, facility, day, *rest] += count
    add_counts(work.connection, answer_day, ((*key, n) for key, n in counts.items()))
    return list(counts)


def change_by_day(work: UnitOfWork, by_hour: Iterable[Row]) -> None:
    """The same where counts may become less."""
    drop_zeros(work.connection, answer_day, add_by_day(work, by_hour))


def recount_days(work: UnitOfWork, scope: Scope) -> None:
    """Count the scope's days anew from its hours."""
    work.connection.execute(delete(answer_day).where(scope.rows(answer_day.c)))
    rows = work.connection.execute(select(answer_count).where(scope.rows(answer_count.c)))
    for some in rows.partitions(READ_AT_ONCE):
        add_by_day(work, some)


def _zones(work: UnitOfWork, organisation: str) -> dict[str, ZoneInfo]:
    facilities = identity.facilities(work, Scope(organisation), ALL)
    return {facility.id: ZoneInfo(facility.time_zone) for facility in facilities}
