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
from hub.core.counting import Counts, add_counts
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


def coarser(work: UnitOfWork, by_hour: Iterable[Row]) -> Counts:
    """What counts by the hour add to the coarser ones."""
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
    added = {table: [(*key, n) for key, n in counts.items()] for table, counts in sums.items()}
    added[answer_month] = [(*row, days_of_month[row[:-1]]) for row in added[answer_month]]
    return added


def coarser_presence(work: UnitOfWork, by_hour: Iterable[Row]) -> Counts:
    """What counts of people by the hour add to those by the day."""
    rows = list(by_hour)
    calendar = _calendar(work, rows)
    sums: defaultdict[Row, list[int]] = defaultdict(lambda: [0] * len(PRESENCE_SUMS))
    for organisation, facility, hour, device, touchpoint, *near in rows:
        day = calendar[organisation, facility, hour]
        counted = sums[organisation, facility, day, device, touchpoint]
        for i, count in enumerate(near):
            counted[i] += count
    return {presence_day: [(*key, *near) for key, near in sums.items()]}


def recount_coarser(work: UnitOfWork, scope: Scope) -> None:
    """Count the scope's coarser counts anew from its hours."""
    for table in (*COARSER, presence_day):
        work.connection.execute(delete(table).where(scope.rows(table.c)))
    for source, summed in ((answer_count, coarser), (presence_count, coarser_presence)):
        rows = work.connection.execute(select(source).where(scope.rows(source.c)))
        for some in rows.partitions(READ_AT_ONCE):
            add_counts(work.connection, summed(work, some))


def _calendar(work: UnitOfWork, rows: Sequence[Row]) -> dict[tuple[str, str, int], int]:
    """On which day each facility's hours are."""
    hours = {(row[0], row[1], row[2]) for row in rows}
    zones = {
        (organisation, facility): ZoneInfo(zone)
        for organisation in {organisation for organisation, *_ in hours}
        for facility, zone in identity.time_zones(work, Scope(organisation)).items()
    }
    return {
        (organisation, facility, hour): day_of_hour(hour, zones.get((organisation, facility), UTC))
        for organisation, facility, hour in hours
    }
