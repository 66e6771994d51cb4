"""Reading counts of smiles by the hour, before and after service: shares of many, never anything of one person."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Table, and_, func, select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import Step, spans
from hub.feedback.figures.figure import Figure
from hub.feedback.figures.presence import smile_share
from hub.feedback.presence_tables import Smiles
from hub.feedback.rollups import HOUR_MS, SPAN_ENDS_MS, hour_number
from hub.feedback.tallies import Selection, within
from hub.feedback.zones import zones
from hub.identity import service as identity

BEFORE, AFTER = "before", "after"

smiles: Table = Smiles.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class SmileShares:
    """`before` and `after` service: of the whole period, and of each counted hour of the facilities' clocks."""

    whole: dict[str, Figure]
    hours: dict[int, dict[str, Figure]]


@needs(Permission.SEE_ANSWERS)
def are_collected(work: UnitOfWork, scope: Scope) -> bool:
    """Whether any terminal of the scope has ever counted smiles."""
    facilities = identity.time_zones(work, scope)
    here = select(smiles.c.people).where(within(smiles, scope, facilities)).limit(1)
    return work.connection.execute(here).first() is not None


@needs(Permission.SEE_ANSWERS)
def shares(work: UnitOfWork, scope: Scope, selection: Selection) -> SmileShares:
    """How many smiled of those who were seen. Nobody is told apart, so that an employee makes no difference."""
    counts: defaultdict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for zone, facilities in zones(work, selection.narrowed(scope)):
        for hour, service, smiling, people in _counted(work, scope, selection, zone, facilities):
            there = datetime.fromtimestamp(hour * HOUR_MS / 1000, zone).hour
            sums = counts[there, service]
            sums[0] += int(smiling)
            sums[1] += int(people)
    hours: dict[int, dict[str, Figure]] = defaultdict(dict)
    for (hour, service), (smiling, people) in sorted(counts.items()):
        hours[hour][service] = smile_share(smiling, people)
    whole = {
        service: smile_share(
            *(sum(sums[i] for (_, of), sums in counts.items() if of == service) for i in (0, 1))
        )
        for service in (BEFORE, AFTER)
        if any(of == service for _, of in counts)
    }
    return SmileShares(whole, dict(hours))


def _counted(
    work: UnitOfWork, scope: Scope, selection: Selection, zone: ZoneInfo, facilities: list[str]
) -> list[tuple[int, str, int, int]]:
    """Hour since 1970, before or after, how many smiled of how many."""
    c = smiles.c
    (span,) = spans(selection.period, Step.WHOLE, zone)
    hour = hour_number(c.occurred_ms - SPAN_ENDS_MS).label("hour")
    at = and_(True) if selection.touchpoint is None else c.touchpoint == selection.touchpoint
    rows = (
        select(hour, c.service, c.smiling, c.people)
        .where(within(smiles, scope, facilities), at)
        .where(c.occurred_ms > span.from_hour * HOUR_MS, c.occurred_ms <= span.until_hour * HOUR_MS)
        .subquery()
    )
    r = rows.c
    summed = select(r.hour, r.service, func.sum(r.smiling), func.sum(r.people))
    found = work.connection.execute(summed.group_by(r.hour, r.service))
    return [(row[0], row[1], row[2], row[3]) for row in found]
