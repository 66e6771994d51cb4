"""Who may do what: the one table of it. Pure.

A role is given to an account for one facility or for all of the organisation's. Code asks for a permission, never for a
role. Fleet operators stand apart: they see devices and never what patients answered, their telephones or photographs.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What an account is for, from the least to the most; the fleet operator is on no such ladder."""

    VIEWER = "viewer"
    AGENT = "agent"
    QUALITY_MANAGER = "quality_manager"
    FACILITY_MANAGER = "facility_manager"
    ADMINISTRATOR = "administrator"
    FLEET = "fleet"


class Permission(StrEnum):
    """What a service asks for."""

    SEE_PLACES = "see_places"
    SEE_STAFF = "see_staff"
    SEE_DEVICES = "see_devices"
    MANAGE_DEVICES = "manage_devices"
    SEE_ANSWERS = "see_answers"
    SEE_TELEPHONES = "see_telephones"
    """In full, and what a patient wrote in their own words."""
    SEE_PHOTOGRAPHS = "see_photographs"
    """Of patients, where the facility takes them."""
    SEE_CASES = "see_cases"
    HANDLE_CASES = "handle_cases"
    DIRECT_CASES = "direct_cases"
    """Assign, approve what is sent to clients, keep standards."""
    SEND_CAMPAIGNS = "send_campaigns"
    EDIT_SURVEYS = "edit_surveys"
    ENTER_SERVED = "enter_served"
    EDIT_PLACES = "edit_places"
    """Touchpoints, employees, shifts and opening hours."""
    MANAGE_ACCOUNTS = "manage_accounts"
    ANSWER_PRIVACY = "answer_privacy"
    """Export and erase what is kept of a person; say how long things are kept."""
    SEE_AUDIT = "see_audit"
    SEE_DEAD_LETTERS = "see_dead_letters"
    """A payload that could not be stored may hold anything."""
    ADMINISTER = "administer"
    """What concerns the organisation as a whole."""


_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_MANAGERS = _ADMINISTRATOR | {Role.FACILITY_MANAGER}
_QUALITY = _MANAGERS | {Role.QUALITY_MANAGER}
_AGENTS = _QUALITY | {Role.AGENT}
_STAFF = _AGENTS | {Role.VIEWER}
_EVERYBODY = frozenset(Role)

HOLDERS: Mapping[Permission, frozenset[Role]] = MappingProxyType(
    {
        Permission.SEE_PLACES: _EVERYBODY,
        Permission.SEE_STAFF: _STAFF,
        Permission.SEE_DEVICES: _EVERYBODY,
        Permission.MANAGE_DEVICES: _ADMINISTRATOR | {Role.FLEET},
        Permission.SEE_ANSWERS: _STAFF,
        Permission.SEE_TELEPHONES: _AGENTS,
        Permission.SEE_PHOTOGRAPHS: _QUALITY,
        Permission.SEE_CASES: _STAFF,
        Permission.HANDLE_CASES: _AGENTS,
        Permission.DIRECT_CASES: _QUALITY,
        Permission.SEND_CAMPAIGNS: _QUALITY,
        Permission.EDIT_SURVEYS: _QUALITY,
        Permission.ENTER_SERVED: _QUALITY,
        Permission.EDIT_PLACES: _MANAGERS,
        Permission.MANAGE_ACCOUNTS: _MANAGERS,
        Permission.ANSWER_PRIVACY: _MANAGERS,
        Permission.SEE_AUDIT: _MANAGERS,
        Permission.SEE_DEAD_LETTERS: _ADMINISTRATOR,
        Permission.ADMINISTER: _ADMINISTRATOR,
    }
)


def permissions_of(role: Role) -> frozenset[Permission]:
    """All that a role may do."""
    return frozenset(permission for permission, holders in HOLDERS.items() if role in holders)
