"""Which terminals were chosen on the list, and what somebody should know of them before anything is done.

Chosen one by one, or as all that a filter means; what is done later is done to those that were shown, whatever the
filter means by then.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hub.core.errors import BadInput
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.bulk import managed
from hub.fleet.health.standings import Standing, standings
from hub.fleet.health.troubles import Level
from hub.fleet.listing.found import meant
from hub.identity.service import facilities

MOST = 1000


@dataclass(frozen=True, slots=True)
class Chosen:
    """`places` are the facilities by name, each with its terminals; `left_out` cannot do what is asked."""

    places: Sequence[tuple[str, Sequence[Standing]]]
    left_out: Sequence[Standing]

    @property
    def terminals(self) -> list[Standing]:
        return [standing for _name, inside in self.places for standing in inside]

    @property
    def away(self) -> int:
        """How many are not connected now."""
        return sum(not standing.device.online for standing in self.terminals)


@needs(Permission.MANAGE_DEVICES)
def chosen(work: UnitOfWork, scope: Scope, devices: Collection[str], *, reachable: bool) -> Chosen:
    """These terminals; BulkDenied when one may not be managed. `reachable`: those that were shut out are left out."""
    if not 0 < len(devices) <= MOST:
        raise BadInput("device", _("Choose between one and %(most)s terminals.") % {"most": MOST})
    managed(work, scope, devices)
    names = {place.id: place.name for place in facilities(work, scope)}
    inside: dict[str, list[Standing]] = defaultdict(list)
    left_out = []
    for standing in standings(work, scope, devices):
        if reachable and standing.level is Level.SHUT_OUT:
            left_out.append(standing)
        else:
            inside[names.get(standing.device.facility, standing.device.facility)].append(standing)
    return Chosen(sorted(inside.items()), left_out)


@needs(Permission.MANAGE_DEVICES)
def all_of(work: UnitOfWork, scope: Scope, text: str) -> list[str]:
    """All terminals that a filter means and the scope may manage."""
    return [standing.device.device for standing in meant(work, scope, text)]
