"""What the page of all terminals shows: those that a filter means, the facilities they stand in, and one sentence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from hub.core.errors import BadInput
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.health.standings import Standing, standings
from hub.fleet.health.troubles import WORKING, Level
from hub.fleet.health.words import summary
from hub.fleet.listing.matching import Listed, checked, matches
from hub.fleet.listing.query import EVERYTHING, AllOf, AnyOf, Condition, Not, Query, parsed, written
from hub.identity.service import facilities, touchpoints
from hub.identity.views import FacilityView

HOME = "/fleet"
MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Place:
    """A facility of the map; its terminals come the worst first."""

    id: str
    name: str
    terminals: Sequence[Standing]

    @property
    def worst(self) -> Level:
        return max((standing.level for standing in self.terminals), default=Level.WELL)

    @property
    def working(self) -> int:
        """How many hear patients."""
        return sum(standing.level in WORKING for standing in self.terminals)

    @property
    def used(self) -> int:
        """How many are not shut out."""
        return sum(standing.level is not Level.SHUT_OUT for standing in self.terminals)


@dataclass(frozen=True, slots=True)
class Found:
    """`problem` says why a filter was not used; `counts` and `places` are of all terminals of the scope."""

    rows: Sequence[Standing] = ()
    matching: int = 0
    all: int = 0
    sentence: str = ""
    problem: str = ""
    counts: Mapping[Level, int] = field(default_factory=dict)
    places: Sequence[Place] = ()
    tags: Sequence[str] = ()
    checks: Sequence[str] = ()
    zones: Mapping[str, str] = field(default_factory=dict)
    facility_names: Mapping[str, str] = field(default_factory=dict)
    touchpoint_names: Mapping[str, str] = field(default_factory=dict)


@needs(Permission.SEE_DEVICES)
def found(work: UnitOfWork, scope: Scope, text: str) -> Found:
    """By a filter's text; one that cannot be understood leaves everything in and says why."""
    places = facilities(work, scope)
    names = {place.id: place.name for place in places}
    touched = {touchpoint.id: touchpoint.name for touchpoint in touchpoints(work, scope)}
    everything = sorted(standings(work, scope), key=lambda s: (-s.level, s.device.facility))
    query, problem = _read(text)
    chosen = [s for s in everything if matches(query, listed(s, names, touched))]
    return Found(
        rows=chosen[:MOST_SHOWN],
        matching=len(chosen),
        all=len(everything),
        sentence=summary(
            [(s.level, s.troubles) for s in everything], tonight=_for_tonight(everything)
        ),
        problem=problem,
        counts=Counter(standing.level for standing in everything),
        places=_map(places, everything),
        tags=sorted({tag for standing in everything for tag in standing.tags}),
        checks=sorted({check for standing in everything for check in standing.failing}),
        zones={place.id: place.time_zone for place in places},
        facility_names=names,
        touchpoint_names=touched,
    )


@needs(Permission.SEE_DEVICES)
def meant(work: UnitOfWork, scope: Scope, text: str) -> list[Standing]:
    """Those that a filter means, the worst first; BadInput where it cannot be understood."""
    query = checked(parsed(text))
    names = {place.id: place.name for place in facilities(work, scope)}
    touched = {touchpoint.id: touchpoint.name for touchpoint in touchpoints(work, scope)}
    inside = [s for s in standings(work, scope) if matches(query, listed(s, names, touched))]
    return sorted(inside, key=lambda s: -s.level)


def address(q: str) -> str:
    """Where the list is with this filter."""
    return f"{HOME}?{urlencode({'q': q})}" if q else HOME


def listed(standing: Standing, facilities: Mapping[str, str], touched: Mapping[str, str]) -> Listed:
    """What a filter may ask of it."""
    device = standing.device
    connection = "online" if device.online else "offline"
    return Listed(
        device=device.device,
        name=device.name,
        facility=device.facility,
        facility_name=facilities.get(device.facility, ""),
        touchpoint=device.touchpoint or "",
        touchpoint_name=touched.get(device.touchpoint or "", ""),
        tags=standing.tags,
        connection="stopped" if device.status == "stopped" else connection,
        level=standing.level,
        failing=standing.failing,
        version=device.software,
    )


def joined(text: str, join: str, added: str) -> str:
    """A filter's text with one more condition; `join` is `and`, `or` or `not`. BadInput as `parsed`."""
    before, more = parsed(text), checked(parsed(added))
    if join == "not":
        more = Not(more)
    if before == EVERYTHING:
        return written(more)
    parts = (before, more)
    return written(AnyOf(parts) if join == "or" else AllOf(parts))


def narrowed(text: str, name: str, value: str) -> str:
    """A filter's text for only those of its terminals for which a field has this value."""
    condition = Condition(name, ":", value)
    query, _problem = _read(text)
    if query == EVERYTHING:
        return written(condition)
    before = query.parts if isinstance(query, AllOf) else (query,)
    return text if condition in before else written(AllOf((*before, condition)))


def _read(text: str) -> tuple[Query, str]:
    try:
        return checked(parsed(text)), ""
    except BadInput as problem:
        return EVERYTHING, problem.detail


def _for_tonight(everything: Sequence[Standing]) -> bool:
    waiting = [standing for standing in everything if standing.level is Level.WAITING]
    return bool(waiting) and all(standing.waits_for_night for standing in waiting)


def _map(places: Sequence[FacilityView], everything: Sequence[Standing]) -> list[Place]:
    inside = {
        place.id: Place(
            place.id, place.name, [s for s in everything if s.device.facility == place.id]
        )
        for place in places
    }
    shown = (place for place in inside.values() if place.terminals)
    return sorted(shown, key=lambda place: (-place.worst, place.name))
