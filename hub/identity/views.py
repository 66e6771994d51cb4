"""Identity as other slices and pages see it."""

from dataclasses import dataclass

from hub.core.passwords import masked
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
class Preferences:
    """How somebody wants the pages; None leaves it to the browser."""

    language: str | None = None
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class AccountView:
    id: int
    organisation: str
    facility: str | None
    name: str
    role: Role
    preferences: Preferences = Preferences()

    def scope(self) -> Scope:
        """What the account may see at most."""
        facilities = None if self.facility is None else frozenset({self.facility})
        return Scope(self.organisation, facilities)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is asking; `secret` proves that a write comes from our own page, and is None for a program with a token."""

    account: AccountView
    secret: str | None

    @property
    def csrf(self) -> str | None:
        """The secret for one page: masked anew each time, so that nothing on a compressed page repeats it."""
        return None if self.secret is None else masked(self.secret)

    @property
    def scope(self) -> Scope:
        return self.account.scope()

    def may(self, permission: Permission) -> bool:
        return permission in permissions_of(self.account.role)
