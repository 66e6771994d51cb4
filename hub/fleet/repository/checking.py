"""What is uploaded is believed only along the chain of signatures that begins with the root the hub trusts.

Decides whether signed files may become the repository's next state, and says of which file it is that they may not.
The signatures are offline keys' and the terminals judge them again; what is refused here would be refused there.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from securesystemslib.signer import Key
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import DelegatedRole, Metadata, Root, Targets
from tuf.api.serialization import DeserializationError

from hub.core.errors import BadInput
from hub.core.texts import gettext as _

S = TypeVar("S", Root, Targets)

_NAME = re.compile(r"(?P<version>[1-9][0-9]{0,8})\.(?P<role>[a-z][a-z0-9_-]{0,31})\.json")
MOST_BYTES = 5_000_000
"""Of one file: no client of python-tuf would take more."""
MOST_ROOT_BYTES = 512_000

HasTarget = Callable[[str, int], bool]
"""Whether a target lies here by its name with the hash, as long as this."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file that counts, and its very bytes."""

    version: int
    content: bytes


@dataclass(frozen=True, slots=True)
class State:
    """What counts: the newest root, and the newest file of each role that operators sign."""

    root: Signed | None = None
    roles: Mapping[str, Signed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """An uploaded file."""

    name: str
    role: str
    version: int
    content: bytes

    def refused(self, why: str) -> BadInput:
        return BadInput(self.name, why)


def read_given(name: str, content: bytes) -> Given:
    """An uploaded file by its name; BadInput for what operators do not sign, or is too large for terminals."""
    found = _NAME.fullmatch(name)
    if found is None or found["role"] in {"snapshot", "timestamp"}:
        raise BadInput(name, _("This is not the name of a file that operators sign."))
    one = Given(name, found["role"], int(found["version"]), content)
    if len(content) > (MOST_ROOT_BYTES if one.role == Root.type else MOST_BYTES):
        raise one.refused(_("The file is larger than terminals would take."))
    return one


def in_order(given: Iterable[Given]) -> list[Given]:
    """As they must be believed: roots ascending, then targets, then the rest."""
    order = {Root.type: 0, Targets.type: 1}
    return sorted(given, key=lambda one: (order.get(one.role, 2), one.version, one.role))


def _has_signed(delegator: Root | Targets, role: str, metadata: Metadata[Targets]) -> bool:
    try:
        delegator.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
    except (UnsignedMetadataError, ValueError):  # too few, or a role that it does not know
        return False
    return True


def next_root(
    trusted: Signed | None, given: list[Given], online: Mapping[str, Key], now: datetime
) -> Signed:
    """The root after these. Each is signed by the keys of the one before and by its own."""
    newest = trusted
    for one in given:
        if newest is None or one.version > newest.version:
            _check_root(newest, one)
            newest = Signed(one.version, one.content)
    if newest is None:
        raise BadInput("1.root.json", _("The first upload begins with the first root."))
    _check_newest(newest, online, now)
    return newest


def _check_root(before: Signed | None, one: Given) -> None:
    root = _understood(one, Root)
    former = None if before is None else _parsed(before.content, Root).signed
    expected = 1 if former is None else former.version + 1
    if (root.signed.version, one.version) != (expected, expected):
        raise one.refused(_("Version %(n)s has to come first.") % {"n": expected})
    result = root.signed.get_root_verification_result(former, root.signed_bytes, root.signatures)
    if not result:
        raise one.refused(
            _("It is not signed by enough of the keys of the root before and of its own.")
        )


def _check_newest(newest: Signed, online: Mapping[str, Key], now: datetime) -> None:
    """Terminals take it now, and what the hub signs by it."""
    name = f"{newest.version}.root.json"
    root = _parsed(newest.content, Root).signed
    if root.is_expired(now):
        raise BadInput(name, _("It has expired."))
    if not root.consistent_snapshot:
        raise BadInput(name, _("It must ask for consistent snapshots."))
    if not names_online_keys(newest, online):
        raise BadInput(
            name, _("It must name this hub's keys for snapshot and timestamp, each as enough.")
        )


def names_online_keys(root: Signed, online: Mapping[str, Key]) -> bool:
    """Whether terminals that believe this root believe what these keys sign."""
    roles = {role: _parsed(root.content, Root).signed.get_delegated_role(role) for role in online}
    return all(
        key.keyid in roles[role].keyids and roles[role].threshold == 1
        for role, key in online.items()
    )


def next_roles(
    state: State, root: Signed, given: list[Given], has_target: HasTarget, now: datetime
) -> dict[str, Signed]:
    """The file of each role after these; all of them are judged again, because a root may have taken keys back."""
    roles = _newest(state, given)
    trusted_root = _parsed(root.content, Root).signed
    top = _believed(trusted_root, Targets.type, roles, has_target, now)
    channels = _channels(top, _name(Targets.type, roles))
    for channel in channels:
        _check_channel(top, channel, roles, has_target, now)
    for one in given:
        if one.role != Targets.type and one.role not in channels:
            raise one.refused(_("No role of this name is delegated to."))
    return roles


def _newest(state: State, given: list[Given]) -> dict[str, Signed]:
    roles = dict(state.roles)
    for one in given:
        known = roles.get(one.role)
        if known is None or one.version > known.version:
            roles[one.role] = Signed(one.version, one.content)
    return roles


def _channels(top: Targets, name: str) -> list[str]:
    """The roles that targets delegates to."""
    if top.delegations is None:
        return []
    if top.delegations.succinct_roles is not None:
        raise BadInput(name, _("Delegations by hash bins are not known here."))
    return sorted(top.delegations.roles or {})


def _check_channel(
    top: Targets, channel: str, roles: Mapping[str, Signed], has_target: HasTarget, now: datetime
) -> None:
    signed = _believed(top, channel, roles, has_target, now)
    if signed.delegations is not None:
        raise BadInput(_name(channel, roles), _("A channel may not delegate any further."))
    allowed = cast("DelegatedRole", top.get_delegated_role(channel))
    for path in signed.targets:
        if not allowed.is_delegated_path(path):
            outside = _("The target %(path)s is not among the paths of this role.")
            raise BadInput(_name(channel, roles), outside % {"path": path})


def _believed(
    delegator: Root | Targets,
    role: str,
    roles: Mapping[str, Signed],
    has_target: HasTarget,
    now: datetime,
) -> Targets:
    if role not in roles:
        raise BadInput(f"{role}.json", _("There is none yet, and none was uploaded."))
    one = Given(_name(role, roles), role, roles[role].version, roles[role].content)
    metadata: Metadata[Targets] = _understood(one, Targets)
    if metadata.signed.version != one.version:
        raise one.refused(_("Its version is not the one of its name."))
    if not _has_signed(delegator, role, metadata):
        raise one.refused(_("It is not signed by enough of the keys that were named for it."))
    if metadata.signed.is_expired(now):
        raise one.refused(_("It has expired."))
    _check_targets(one, metadata.signed, has_target)
    return metadata.signed


def _check_targets(one: Given, signed: Targets, has_target: HasTarget) -> None:
    for path, target in signed.targets.items():
        sha256 = target.hashes.get("sha256")
        folder, slash, name = path.rpartition("/")
        there = sha256 and slash and has_target(f"{folder}/{sha256}.{name}", target.length)
        if not there:
            raise one.refused(_("The target %(path)s has not been uploaded.") % {"path": path})


def _understood(one: Given, kind: type[S]) -> Metadata[S]:
    try:
        return _parsed(one.content, kind)
    except (DeserializationError, TypeError) as error:
        raise one.refused(_("It cannot be read as signed metadata of this role.")) from error


def _parsed(content: bytes, kind: type[S]) -> Metadata[S]:
    metadata: Metadata[S] = Metadata.from_bytes(content)
    if not isinstance(metadata.signed, kind):
        raise TypeError(metadata.signed.type)
    return metadata


def _name(role: str, roles: Mapping[str, Signed]) -> str:
    return f"{roles[role].version}.{role}.json" if role in roles else f"{role}.json"
