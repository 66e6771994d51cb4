"""What places and people are called, for pages and files: only those of the scope."""

from dataclasses import dataclass

from hub.cases.casework import listing, workers
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity


@dataclass(frozen=True, slots=True)
class Names:
    """By id; `staff` by account."""

    facilities: dict[str, str]
    zones: dict[str, str]
    touchpoints: dict[str, str]
    employees: dict[str, str]
    staff: dict[int, str]
    labels: dict[str, str]

    def zone(self, facility: str) -> str:
        return self.zones.get(facility, "UTC")

    def actor(self, name: str) -> str:
        """Who did something; empty for the hub itself."""
        number = name.removeprefix("account/")
        return self.staff.get(int(number), name) if number.isdecimal() else ""


def names(work: UnitOfWork, scope: Scope) -> Names:
    """All that pages may need."""
    facilities = identity.facilities(work, scope)
    people = identity.employees(work, scope) if scope.may(Permission.SEE_STAFF) else []
    return Names(
        {f.id: f.name for f in facilities},
        {f.id: f.time_zone for f in facilities},
        {place.id: place.name for place in identity.touchpoints(work, scope)},
        {person.id: person.name for person in people},
        workers.names(work, scope),
        {one.id: one.name for one in listing.labels(work, scope, with_unused=True)}
        if scope.may(Permission.SEE_CASES)
        else {},
    )
