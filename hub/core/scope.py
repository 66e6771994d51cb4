"""Whose rows somebody may see and what they may do with them: a required argument of every service function.

Decides how roles, which are given for single facilities, narrow a scope. What each role may do is said in
`permissions`, who holds which role in `identity`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import update_wrapper
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, and_, true

from hub.core.errors import Forbidden
from hub.core.permissions import HOLDERS, Permission, Role, permissions_of
from hub.core.texts import gettext as _

W = TypeVar("W")
P = ParamSpec("P")
R = TypeVar("R")

HUB = "hub"
"""The actor of whatever nobody in particular asked for."""


class Grant(NamedTuple):
    """A role at one facility; `facility` None means every facility of the organisation."""

    facility: str | None
    role: Role


@dataclass(frozen=True, slots=True)
class Scope:
    """`facilities` None means every facility of the organisation; `grants` None is the hub itself, which may do all.

    `actor` is what the audit log calls whoever asks. Two scopes are equal when they see and may do the same.
    """

    organisation: str
    facilities: frozenset[str] | None = None
    grants: frozenset[Grant] | None = None
    permissions: frozenset[Permission] | None = None
    """Where a program's token allows less than its account: no more than these."""
    actor: str = field(default=HUB, compare=False)

    def covers(self, organisation: str, facility: str) -> bool:
        """Whether a row of that organisation and facility may be seen."""
        if organisation != self.organisation:
            return False
        return self.facilities is None or facility in self.facilities

    def within(self, facility: str | None) -> "Scope":
        """The same for one facility, or for none when the scope does not cover it."""
        covered = facility is not None and self.covers(self.organisation, facility)
        return replace(self, facilities=frozenset({facility} if facility and covered else ()))

    def rows(self, table: Any) -> ColumnElement[bool]:
        """The condition that leaves only rows of this scope; `table` has `organisation` and `facility` columns."""
        inside = true() if self.facilities is None else table.facility.in_(sorted(self.facilities))
        return and_(table.organisation == self.organisation, inside)

    def held(self, permission: Permission) -> "Scope | None":
        """The part of it in which the permission is held; None where it is held nowhere in it."""
        if self.permissions is not None and permission not in self.permissions:
            return None
        if self.grants is None:
            return self
        places = {grant.facility for grant in self.grants if grant.role in HOLDERS[permission]}
        if None in places:
            return self
        there = frozenset(place for place in places if place is not None)
        inside = there if self.facilities is None else there & self.facilities
        if not inside and not (there and self.facilities == frozenset()):
            return None  # but what was narrowed to nothing is nobody's, and refused to nobody
        return replace(self, facilities=inside)

    def may(self, permission: Permission) -> bool:
        """Whether the permission is held anywhere in the scope."""
        return self.held(permission) is not None


def require(scope: Scope, permission: Permission) -> Scope:
    """The part of the scope in which the permission is held; Forbidden where there is none."""
    part = scope.held(permission)
    if part is None:
        raise Forbidden(_("Your account is not for this. Ask an administrator."))
    return part


def may_give(scope: Scope, grant: Grant) -> bool:
    """Whether the scope holds, wherever the grant would reach, all that the grant allows."""
    asked = scope if grant.facility is None else scope.within(grant.facility)
    held = [asked.held(permission) for permission in permissions_of(grant.role)]
    return all(part is not None and part.facilities == asked.facilities for part in held)


def needs(
    permission: Permission,
) -> Callable[[Callable[Concatenate[W, Scope, P], R]], Callable[Concatenate[W, Scope, P], R]]:
    """Says which permission a service function `f(work, scope, ...)` asks for, and has it see only where it is held."""

    def checked(
        function: Callable[Concatenate[W, Scope, P], R],
    ) -> Callable[Concatenate[W, Scope, P], R]:
        def asked(work: W, scope: Scope, /, *rest: P.args, **named: P.kwargs) -> R:
            return function(work, require(scope, permission), *rest, **named)

        return update_wrapper(asked, function)

    return checked
