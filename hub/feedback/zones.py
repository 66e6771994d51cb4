"""Facilities by time zone: their clocks and calendars are read together."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.tallies import ALL
from hub.identity import service as identity


def zones(work: UnitOfWork, scope: Scope) -> list[tuple[ZoneInfo, list[str]]]:
    """The scope's facilities by time zone."""
    found: dict[str, list[str]] = defaultdict(list)
    for facility in identity.facilities(work, scope, ALL):
        found[facility.time_zone].append(facility.id)
    return [(ZoneInfo(zone), facilities) for zone, facilities in sorted(found.items())]
