"""From counts by the hour to the coarser ones, in the same transaction.

Decides to which day of a facility's calendar an hour belongs, and which coarser counts are kept: by the day and the
month all that an answer says, and of the whole facility by the hour, the day and the month what most pages ask for;
people near a terminal by the day. A facility whose time zone were changed would have to be counted anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Table, delete, select

from hub.core.bulk import Row
from hub.core.counting import add_counts, drop_zeros
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import day_of_hour, month_and_bit
from hub.feedback.figures.presence import PRESENCE_SUMS
from hub.feedback.presence_tables import PresenceCount, PresenceDay
from hub.feedback.tables import (
    AnswerCount,
    AnswerDay,
    AnswerMonth,
    FacilityDay,
    FacilityHour,
    FacilityMonth,
)
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
facility_month: Table = FacilityMonth.__table__  # type: ignore[attr-defined]
presence_count: Table = PresenceCount.__table__  # type: ignore[attr-defined]
presence_day: Table = PresenceDay.__table__  # type: ignore[attr-defined]

COARSER = (answer_day, answer_month, facility_day, facility_hour, facility_month)

Keys = dict[Table, list[Row]]


def add_coarser(work: UnitOfWork, by_hour: Iterable[Row]) -> Keys:
    """Add counts by the hour to the coarser ones: one statement for each table; returns the keys that were touched."""
    rows = list(by_hour)
    calendar = _calendar(work, rows)
    sums: dict[Table, Counter[Row]] = {table: Counter() for table in COARSER}
    days_of_month: defaultdict[Row, int] = defaultdict(int)
    for organisation, facility, hour, survey, question, *whom, value, flagged, count in rows:
        place, asked, kind = (organisation, facility), (survey, question), (value, flagged)
        day = calendar[organisation, facility, hour]
        month, bit = month_and_bit(day)
        in_month = (*place, month, *asked, *whom, *kind)
        days_of_month[in_month] |= bit
        sums[answer_month][in_month] += count
        sums[answer_day][*place, day, *asked, *whom, *kind] += count
        sums[facility_day][*place, day, *asked, *kind] += count
        sums[facility_hour][*place, hour, *asked, *kind] += count
        sums[facility_month][*place, month, *asked, *kind] += count
    for table, counts in sums.items():
        if table is answer_month:
            with_days = ((*key, n, days_of_month[key]) for key, n in counts.items())
            add_counts(work.connection, table, with_days)
        else:
            add_counts(work.connection, table, ((*key, n) for key, n in counts.items()))
    return {table: list(counts) for table, counts in sums.items()}


def change_coarser(work: UnitOfWork, by_hour: Iterable[Row]) -> None:
    """The same where counts may become less."""
    for table, keys in add_coarser(work, by_hour).items():
        drop_zeros(work.connection, table, keys)


def add_presence(work: UnitOfWork, by_hour: Iterable[Row]) -> list[Row]:
    """Add counts of people by the hour to those by the day; returns the keys that were touched."""
    rows = list(by_hour)
    calendar = _calendar(work, rows)
    sums: defaultdict[Row, list[int]] = defaultdict(lambda: [0] * len(PRESENCE_SUMS))
    for organisation, facility, hour, device, touchpoint, *near in rows:
        day = calendar[organisation, facility, hour]
        counted = sums[organisation, facility, day, device, touchpoint]
        for i, count in enumerate(near):
            counted[i] += count
    add_counts(work.connection, presence_day, ((*key, *near) for key, near in sums.items()))
    return list(sums)


def change_presence(work: UnitOfWork, by_hour: Iterable[Row]) -> None:
    """The same where counts may become less."""
    drop_zeros(work.connection, presence_day, add_presence(work, by_hour))


def recount_coarser(work: UnitOfWork, scope: Scope) -> None:
    """Count the scope's coarser counts anew from its hours."""
    for table in (*COARSER, presence_day):
        work.connection.execute(delete(table).where(scope.rows(table.c)))
    for source, add in ((answer_count, add_coarser), (presence_count, add_presence)):
        rows = work.connection.execute(select(source).where(scope.rows(source.c)))
        for some in rows.partitions(READ_AT_ONCE):
            add(work, some)


def _calendar(work: UnitOfWork, rows: Sequence[Row]) -> dict[tuple[str, str, int], int]:
    """On which day each facility's hours are."""
    hours = {(row[0], row[1], row[2]) for row in rows}
    zones = {
        (organisation, facility.id): ZoneInfo(facility.time_zone)
        for organisation in {organisation for organisation, *_ in hours}
        for facility in identity.facilities(work, Scope(organisation), ALL)
    }
    return {
        (organisation, facility, hour): day_of_hour(hour, zones.get((organisation, facility), UTC))
        for organisation, facility, hour in hours
    }
