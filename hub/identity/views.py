"""Identity as other slices and pages see it."""

from dataclasses import dataclass

from hub.core.scope import Scope
from hub.identity.rules import Permission, Role, permissions_of


@dataclass(frozen=True, slots=True)
class OrganisationView:
    id: str
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class FacilityView:
    id: str
    organisation: str
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class TouchpointView:
    """A place on the patient's way."""

    id: str
    organisation: str
    facility: str
    name: str
    survey: str
    inactive_ms: int | None
    version: int


@dataclass(frozen=True, slots=True)
class EmployeeView:
    id: str
    organisation: str
    facility: str
    name: str
    speciality: str
    photograph: str | None
    inactive_ms: int | None
    version: int


@dataclass(frozen=True, slots=True)
class ShiftView:
    """`employee` is at `touchpoint` from `starts_ms` until just before `ends_ms`."""

    id: str
    organisation: str
    facility: str
    touchpoint: str
    employee: str
    starts_ms: int
    ends_ms: int
    inactive_ms: int | None


@dataclass(frozen=True, slots=True)
class AccountView:
    id: int
    organisation: str
    facility: str | None
    name: str
    role: Role

    def scope(self) -> Scope:
        """What the account may see at most."""
        facilities = None if self.facility is None else frozenset({self.facility})
        return Scope(self.organisation, facilities)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is asking; `csrf` is None for a program with an API token."""

    account: AccountView
    csrf: str | None

    @property
    def scope(self) -> Scope:
        return self.account.scope()

    def may(self, permission: Permission) -> bool:
        return permission in permissions_of(self.account.role)
