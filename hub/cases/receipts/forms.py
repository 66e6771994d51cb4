"""Where patients may complain by themselves: an address for each place, which nobody can make up, on its QR code."""

from dataclasses import dataclass

from hub.core.errors import NotFound
from hub.core.keys import Vault
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity

WEB = "web"
"""Instead of a touchpoint: the form on the clinic's own web site."""
_PROOF = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Whose form it is; `touchpoint` None for the web site's."""

    organisation: str
    facility: str
    name: str
    touchpoint: str | None
    where: str


def address(vault: Vault, organisation: str, facility: str, touchpoint: str = WEB) -> str:
    """The path of the form."""
    named = f"{organisation}/{facility}/{touchpoint}"
    return f"/say/{named}/{vault.fingerprint(f'form {named}')[:_PROOF]}"


def place(work: UnitOfWork, organisation: str, facility: str, touchpoint: str, proof: str) -> Place:
    """What an address means; NotFound for one that is made up, or of a place that is no longer there."""
    right = address(work.vault, organisation, facility, touchpoint).rpartition("/")[2]
    scope = Scope(organisation, frozenset({facility}))
    clinic = next(iter(identity.facilities(work, scope)), None)
    spots = {p.id: p.name for p in identity.touchpoints(work, scope) if p.inactive_ms is None}
    if proof != right or clinic is None or touchpoint not in {WEB, *spots}:
        raise NotFound(_("There is no page or resource at this address."))
    at = None if touchpoint == WEB else touchpoint
    return Place(organisation, facility, clinic.name, at, spots.get(touchpoint, ""))


@needs(Permission.SEE_CASES)
def addresses(work: UnitOfWork, scope: Scope, facility: str) -> list[tuple[str, str]]:
    """Name of the place, and path, of every form of a facility; the web site's has no name."""
    inside = scope.within(facility)
    if not identity.time_zones(work, inside):
        raise NotFound(_("There is no such facility."))
    spots = [p for p in identity.touchpoints(work, inside) if p.inactive_ms is None]
    return [
        *(
            (spot.name, address(work.vault, scope.organisation, facility, spot.id))
            for spot in spots
        ),
        ("", address(work.vault, scope.organisation, facility)),
    ]
