"""Facilities by time zone: their clocks and calendars are read together."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity


def zones(work: UnitOfWork, scope: Scope) -> list[tuple[ZoneInfo, list[str]]]:
    """The scope's facilities by time zone."""
    found: dict[str, list[str]] = defaultdict(list)
    for facility, zone in identity.time_zones(work, scope).items():
        found[zone].append(facility)
    return [(ZoneInfo(zone), facilities) for zone, facilities in sorted(found.items())]
