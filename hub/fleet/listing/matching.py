"""Pure: which terminals a filter means.

Texts are compared without regard to case and found anywhere in a name, ids and tags as a whole; versions by their
numbers. A state is what the page calls it: online, offline, stopped, or the level at which the terminal stands.
"""

from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from hub.core.errors import BadInput
from hub.core.texts import gettext as _
from hub.fleet.health.troubles import Level
from hub.fleet.listing.query import AllOf, AnyOf, Condition, Not, Query

LEVELS: dict[str, Level] = {
    "well": Level.WELL,
    "waiting": Level.WAITING,
    "new": Level.AWAITED,
    "shut-out": Level.SHUT_OUT,
    "watch": Level.WATCH,
    "desk": Level.ACT,
    "visit": Level.VISIT,
}
STATES = ("online", "offline", "stopped", *LEVELS)


@dataclass(frozen=True, slots=True)
class Listed:
    """What of a terminal can be asked for."""

    device: str
    name: str
    facility: str
    facility_name: str
    touchpoint: str
    touchpoint_name: str
    tags: frozenset[str]
    connection: str
    level: Level
    failing: frozenset[str]
    version: str


def checked(query: Query) -> Query:
    """The same; BadInput where a value can mean nothing."""
    match query:
        case Condition("state", _sign, value) if value.lower() not in STATES:
            known = ", ".join(STATES)
            raise BadInput(
                "q",
                _("There is no state “%(state)s”; there are %(known)s.")
                % {"state": value, "known": known},
            )
        case Condition("version", sign, value) if sign != ":" and _version(value) is None:
            raise BadInput("q", _("“%(value)s” is no version like 1.4.2.") % {"value": value})
        case Not(part):
            checked(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                checked(part)
    return query


def matches(query: Query, terminal: Listed) -> bool:
    """Whether the filter means this terminal."""
    match query:
        case Not(part):
            return not matches(part, terminal)
        case AllOf(parts):
            return all(matches(part, terminal) for part in parts)
        case AnyOf(parts):
            return any(matches(part, terminal) for part in parts)
        case Condition():
            return _fits(query, terminal)


def _fits(condition: Condition, terminal: Listed) -> bool:
    wanted = condition.value.casefold()
    match condition.field:
        case "facility":
            fits = _is(wanted, terminal.facility, terminal.facility_name)
        case "touchpoint":
            fits = _is(wanted, terminal.touchpoint, terminal.touchpoint_name)
        case "tag":
            fits = wanted in terminal.tags
        case "state":
            fits = wanted == terminal.connection or LEVELS.get(wanted) is terminal.level
        case "check":
            fits = wanted in terminal.failing
        case "version":
            fits = _compared(condition.sign, wanted, terminal.version)
        case field:
            fits = any(wanted in text.casefold() for text in _names(field, terminal))
    return fits


def _names(field: str, terminal: Listed) -> tuple[str, ...]:
    own = (terminal.device, terminal.name)
    return own if field == "name" else (*own, terminal.facility_name, terminal.touchpoint_name)


def _is(wanted: str, code: str, name: str) -> bool:
    return wanted in {code.casefold(), name.casefold()}


def _compared(sign: str, wanted: str, running: str) -> bool:
    if sign == ":":
        return running.casefold() == wanted or running.casefold().startswith(f"{wanted}.")
    there, asked = _version(running), _version(wanted)
    if there is None or asked is None:
        return False
    match sign:
        case "<":
            return there < asked
        case "<=":
            return there <= asked
        case ">":
            return there > asked
        case _:
            return there >= asked


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
