"""Pure: what a role may do, where a sign-in may lead, and when attempts are too many.

Roles are few on purpose until cases exist; every route asks for a permission, never for a role.
"""

from dataclasses import dataclass
from enum import StrEnum

SESSION_MS = 12 * 3600 * 1000
"""A signed-in browser is asked again after one working day at the latest."""

ATTEMPT_WINDOW_MS = 15 * 60 * 1000


class Role(StrEnum):
    """What an account is for."""

    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"
    FLEET = "fleet"


class Permission(StrEnum):
    """What a route asks for."""

    SEE_ANSWERS = "see_answers"
    SEE_DEVICES = "see_devices"
    MANAGE_DEVICES = "manage_devices"
    SEE_PLACES = "see_places"
    SEE_STAFF = "see_staff"
    SEE_DEAD_LETTERS = "see_dead_letters"
    ADMINISTER = "administer"


_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.VIEWER: frozenset(
        {
            Permission.SEE_ANSWERS,
            Permission.SEE_DEVICES,
            Permission.SEE_PLACES,
            Permission.SEE_STAFF,
        }
    ),
    Role.FLEET: frozenset(
        {Permission.SEE_DEVICES, Permission.MANAGE_DEVICES, Permission.SEE_PLACES}
    ),
}


def permissions_of(role: Role) -> frozenset[Permission]:
    """Fleet operators never see answers; a payload that could not be stored may hold personal data."""
    return _PERMISSIONS[role]


def safe_next(target: str) -> str:
    """Where to go after signing in: a path of ours, or the first page for anything else."""
    foreign = not target.startswith("/") or target.startswith("//")
    if foreign or "\\" in target or any(ord(sign) < 33 or ord(sign) == 127 for sign in target):
        return "/"
    return target


@dataclass(frozen=True, slots=True)
class AttemptSubject:
    """Whose attempts are counted together, and how many may fail within the window."""

    name: str
    allowed: int


def attempt_subjects(account: str, address: str) -> tuple[AttemptSubject, ...]:
    """One account at one place, which is the person; one account from everywhere; one place at every account."""
    return (
        AttemptSubject(f"both:{account}\n{address}", 5),
        AttemptSubject(f"account:{account}", 50),
        AttemptSubject(f"address:{address}", 100),
    )
