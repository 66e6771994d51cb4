"""Identity as other slices and pages see it."""

from dataclasses import dataclass, replace

from hub.core.passwords import masked
from hub.core.permissions import Permission
from hub.core.scope import Grant, Scope, require


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
    kind: str
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
    profession: str
    languages: str
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
    name: str
    grants: frozenset[Grant]
    preferences: Preferences = Preferences()
    has_second_factor: bool = False
    has_password: bool = True
    """False for who was invited and has not come yet."""
    inactive_ms: int | None = None

    def scope(self, permissions: frozenset[Permission] | None = None) -> Scope:
        """What the account may see at most, and do where; a program with a token, no more than `permissions`."""
        places = {grant.facility for grant in self.grants}
        everywhere = None in places
        facilities = None if everywhere else frozenset(place for place in places if place)
        actor = f"account/{self.id}"
        return Scope(self.organisation, facilities, self.grants, permissions, actor)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is asking; `secret` proves that a write comes from our own page, and is None for a program with a token."""

    account: AccountView
    secret: str | None
    scope: Scope

    @property
    def csrf(self) -> str | None:
        """The secret for one page: masked anew each time, so that nothing on a compressed page repeats it."""
        return None if self.secret is None else masked(self.secret)

    def where(self, permission: Permission) -> "Visitor":
        """The same, seeing only where they have the permission; Forbidden where that is nowhere."""
        return replace(self, scope=require(self.scope, permission))

    def may(self, permission: Permission) -> bool:
        """Whether it is open to them at any facility."""
        return self.scope.may(permission)
