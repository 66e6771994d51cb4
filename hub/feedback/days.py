"""From counts by the hour to the coarser ones, in the same transaction.

Decides to which day of a facility's calendar an hour belongs, and which coarser counts are kept: by the day and the
month all that an answer says, and of the whole facility by the day and the hour what most pages ask for. A facility
whose time zone were changed would have to be counted anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import Table, delete, select

from hub.core.bulk import Row
from hub.core.counting import add_counts, drop_zeros
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import day_of_hour, month_and_bit
from hub.feedback.tables import AnswerCount, AnswerDay, AnswerMonth, FacilityDay, FacilityHour
from hub.identity import service as identity

ALL = 1_000_000
"""More facilities than anybody has."""
READ_AT_ONCE = 10_000

UTC = ZoneInfo("UTC")

answer_count: Table = AnswerCount.__table__  # type: ignore[attr-defined]
answer_day: Table = AnswerDay.__table__  # type: ignore[attr-defined]
answer_month: Table = AnswerMonth.__table__  # type: ignore[attr-defined]
facility_day: Table = FacilityDay.__table__  # type: ignore[attr-defined]
facility_hour: Table = FacilityHour.__table__  # type: ignore[attr-defined]

COARSER = (answer_day, answer_month, facility_day, facility_hour)

Keys = dict[Table, list[Row]]


def add_coarser(work: UnitOfWork, by_hour: Iterable[Row]) -> Keys:
    """Add counts by the hour to the coarser ones: one statement for each table; returns the keys that were touched."""
    placed = list(_placed(work, by_hour))
    sums: dict[Table, Counter[Row]] = {table: Counter() for table in COARSER}
    days_of_month: defaultdict[Row, int] = defaultdict(int)
    for place, hour, day, asked, whom, value, flagged, count in placed:
        month, bit = month_and_bit(day)
        in_month = (*place, month, *asked, *whom, value, flagged)
        days_of_month[in_month] |= bit
        sums[answer_month][in_month] += count
        sums[answer_day][*place, day, *asked, *whom, value, flagged] += count
        sums[facility_day][*place, day, *asked, value, flagged] += count
        sums[facility_hour][*place, hour, *asked, value, flagged] += count
    for table, counts in sums.items():
        days = days_of_month if table is answer_month else None
        rows = ((*key, n) if days is None else (*key, n, days[key]) for key, n in counts.items())
        add_counts(work.connection, table, rows)
    return {table: list(counts) for table, counts in sums.items()}


def change_coarser(work: UnitOfWork, by_hour: Iterable[Row]) -> None:
    """The same where counts may become less."""
    for table, keys in add_coarser(work, by_hour).items():
        drop_zeros(work.connection, table, keys)


def recount_coarser(work: UnitOfWork, scope: Scope) -> None:
    """Count the scope's coarser counts anew from its hours."""
    for table in COARSER:
        work.connection.execute(delete(table).where(scope.rows(table.c)))
    rows = work.connection.execute(select(answer_count).where(scope.rows(answer_count.c)))
    for some in rows.partitions(READ_AT_ONCE):
        add_coarser(work, some)


def _placed(work: UnitOfWork, by_hour: Iterable[Row]) -> Iterable[Row]:
    """Of each count: place, hour, day, what was asked, at whom, value, whether it is flagged, how many."""
    zones: dict[str, dict[str, ZoneInfo]] = {}
    days: dict[tuple[str, str, int], int] = {}
    for organisation, facility, hour, *rest, value, flagged, count in by_hour:
        if organisation not in zones:
            zones[organisation] = _zones(work, organisation)
        place = (organisation, facility)
        day = days.get((*place, hour))
        if day is None:
            day = day_of_hour(hour, zones[organisation].get(facility, UTC))
            days[*place, hour] = day
        yield place, hour, day, rest[:2], rest[2:], value, flagged, count


def _zones(work: UnitOfWork, organisation: str) -> dict[str, ZoneInfo]:
    facilities = identity.facilities(work, Scope(organisation), ALL)
    return {facility.id: ZoneInfo(facility.time_zone) for facility in facilities}
