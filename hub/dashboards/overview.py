"""What the live page shows besides answers: terminals, and whether anything was lost, in plain words.

Decides which of a terminal's facts come first. Nothing here is stored.
"""

from dataclasses import dataclass

from hub.core import dead_letters
from hub.core.permissions import Permission
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import service as fleet
from hub.fleet.service import DeviceView, LedgerView
from hub.identity import service as identity
from hub.identity.views import Visitor


@dataclass(frozen=True, slots=True)
class Names:
    """Names and time zones by id, for showing what is stored by id."""

    facilities: dict[str, str]
    time_zones: dict[str, str]
    touchpoints: dict[str, str]
    employees: dict[str, str]
    devices: dict[str, str]

    def zone(self, facility: str | None) -> str:
        """The facility's time zone; without one, that of the first facility."""
        return self.time_zones.get(facility or "") or next(iter(self.time_zones.values()), "UTC")


@dataclass(frozen=True, slots=True)
class Totals:
    """Over all terminals and epochs of the scope."""

    stored: int
    missing: int
    dropped: int

    @property
    def nothing_lost(self) -> bool:
        return not (self.missing or self.dropped)


@dataclass(frozen=True, slots=True)
class Overview:
    devices: list[DeviceView]
    ledgers: list[LedgerView]
    totals: Totals
    online: int
    stopped: int
    shut_out: int
    """Away on purpose: of these nobody asks whether they work."""
    waiting_letters: int
    names: Names


def overview(work: UnitOfWork, visitor: Visitor) -> Overview:
    """Everything at one moment; terminals that need somebody come first."""
    scope = visitor.scope
    devices = sorted(fleet.devices(work, scope), key=_urgency)
    ledgers = fleet.ledgers(work, scope)
    return Overview(
        devices=devices,
        ledgers=ledgers,
        totals=Totals(
            stored=sum(ledger.received for ledger in ledgers),
            missing=sum(ledger.missing_count for ledger in ledgers),
            dropped=sum(ledger.dropped_count for ledger in ledgers),
        ),
        online=sum(device.online for device in devices),
        stopped=sum(device.status == "stopped" for device in devices),
        shut_out=sum(device.status == "revoked" for device in devices),
        waiting_letters=dead_letters.count_waiting(work, scope),
        names=names(work, visitor),
    )


def names(work: UnitOfWork, visitor: Visitor) -> Names:
    """The names that the visitor may see."""
    scope = visitor.scope
    people = identity.employees(work, scope) if scope.may(Permission.SEE_STAFF) else []
    facilities = identity.facilities(work, scope)
    return Names(
        facilities={facility.id: facility.name for facility in facilities},
        time_zones={facility.id: facility.time_zone for facility in facilities},
        touchpoints={place.id: place.name for place in identity.touchpoints(work, scope)},
        employees={person.id: person.name for person in people},
        devices={
            device.device: device.name or device.device for device in fleet.devices(work, scope)
        },
    )


def _urgency(device: DeviceView) -> tuple[bool, bool, bool, str, str]:
    works = device.status == "active"
    return (works, device.refused == 0, device.online, device.facility, device.name)
