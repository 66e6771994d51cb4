"""Takes in what operators signed, and says what counts by the hub's own signatures of snapshot and timestamp.

The timestamp is replaced last, in one step: whatever happens before leaves the repository as it was. Both are signed
anew before they expire, so that terminals notice a hub, or somebody in between, that withholds what is new.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, MetaFile, Snapshot, Timestamp
from tuf.api.serialization.json import JSONSerializer

from hub.core.clock import as_datetime
from hub.core.errors import BadInput
from hub.core.texts import gettext as _
from hub.fleet.repository.checking import (
    Given,
    HasTarget,
    Signed,
    State,
    in_order,
    names_online_keys,
    next_roles,
    next_root,
    read_given,
)
from hub.fleet.repository.folder import TIMESTAMP_FILE, RepositoryFolder
from hub.fleet.repository.online_keys import ROLES, SNAPSHOT, TIMESTAMP, OnlineKeys

log = structlog.get_logger()

FRESH_FOR = timedelta(days=14)
"""How long terminals may rely on a snapshot."""
SIGNED_EVERY = timedelta(days=1)
_COMPACT = JSONSerializer(compact=True)


def stage(folder: RepositoryFolder, name: str, content: bytes) -> None:
    """Keep a signed file for the next snapshot; BadInput for what is no such file, or another than was published."""
    given = read_given(name, content)
    with folder.changing():
        _check_name(folder, given)
        folder.stage(name, content)


def publish_staged(folder: RepositoryFolder, keys: OnlineKeys, now_ms: int) -> list[str]:
    """Publish what waits. What is refused waits no longer, so that it is in nobody's way."""
    staged = folder.staged()
    try:
        new = publish(folder, keys, staged, now_ms)
    except BadInput as error:
        folder.unstage(error.field or "")
        raise
    for name, content in staged.items():
        if folder.read(name) == content:
            folder.unstage(name)
    return new


def publish(
    folder: RepositoryFolder, keys: OnlineKeys, files: Mapping[str, bytes], now_ms: int
) -> list[str]:
    """Take in signed files by name; the names of what is new. BadInput names the one that is refused: then none is."""
    now = as_datetime(now_ms)
    given = in_order(read_given(name, content) for name, content in files.items())
    with folder.changing():
        for one in given:
            _check_name(folder, one)
        state = current(folder)
        roots = [one for one in given if one.role == "root"]
        others = [one for one in given if one.role != "root"]
        root = next_root(state.root, roots, public_keys(keys), now)
        roles = next_roles(state, root, others, _holding(folder), now)
        new = [one.name for one in roots if state.root is None or one.version > state.root.version]
        new += [one.name for one in others if state.roles.get(one.role) != roles[one.role]]
        for one in given:
            folder.write(one.name, one.content)
        if new or folder.metadata(TIMESTAMP_FILE) is None:
            _sign(folder, keys, roles, now)
    return new


def _check_name(folder: RepositoryFolder, one: Given) -> None:
    """A name stands for one content for ever."""
    if folder.read(one.name) not in {None, one.content}:
        raise one.refused(_("There is another file of this name already."))


def renew(folder: RepositoryFolder, keys: OnlineKeys, now_ms: int) -> bool:
    """Sign anew what was signed a day ago; whether it was."""
    now = as_datetime(now_ms)
    with folder.changing():
        timestamp = _timestamp(folder)
        if timestamp is None or timestamp.signed.expires - now > FRESH_FOR - SIGNED_EVERY:
            return False
        state = current(folder)
        if state.root is None or not names_online_keys(state.root, public_keys(keys)):
            log.error("releases_not_signed", reason="root names other keys than the hub's")
            return False
        _sign(folder, keys, state.roles, now)
        return True


def take_over(folder: RepositoryFolder, keys: OnlineKeys, given: Mapping[str, str]) -> None:
    """Sign with these private keys (PEM) by role; until a root names them, nothing is signed."""
    signers = {role: keys.read(role, pem) for role, pem in given.items()}
    with folder.changing():
        for role, signer in signers.items():
            keys.take_over(role, signer)


def current(folder: RepositoryFolder) -> State:
    """What counts now; the hub believes its own disk."""
    root, version = None, 1
    while (content := folder.read(f"{version}.root.json")) is not None:
        root, version = Signed(version, content), version + 1
    timestamp = _timestamp(folder)
    if timestamp is None:
        return State(root)
    roles = {}
    for name, meta in _snapshot(folder, timestamp).signed.meta.items():
        content = folder.read(f"{meta.version}.{name}")
        if content is not None:
            roles[name.removesuffix(".json")] = Signed(meta.version, content)
    return State(root, roles)


def public_keys(keys: OnlineKeys) -> dict[str, Key]:
    """By role, as root has to name them."""
    return {role: keys.signer(role).public_key for role in ROLES}


def _holding(folder: RepositoryFolder) -> HasTarget:
    def has_target(served: str, length: int) -> bool:
        found = folder.target(served)
        return found is not None and found.stat().st_size == length

    return has_target


def _sign(
    folder: RepositoryFolder, keys: OnlineKeys, roles: Mapping[str, Signed], now: datetime
) -> None:
    """Snapshot and timestamp of these files. A role that was once listed stays listed: clients insist on it."""
    timestamp = _timestamp(folder)
    version = 1 if timestamp is None else timestamp.signed.snapshot_meta.version + 1
    meta = {
        f"{role}.json": MetaFile.from_data(file.version, file.content, ["sha256"])
        for role, file in roles.items()
    }
    expires = (now + FRESH_FOR).replace(microsecond=0)
    snapshot = Metadata(Snapshot(version, expires=expires, meta=meta))
    snapshot.sign(keys.signer(SNAPSHOT))
    content = snapshot.to_bytes(_COMPACT)
    folder.write(f"{version}.snapshot.json", content)
    last = 1 if timestamp is None else timestamp.signed.version + 1
    named = MetaFile.from_data(version, content, ["sha256"])
    stamp = Metadata(Timestamp(last, expires=expires, snapshot_meta=named))
    stamp.sign(keys.signer(TIMESTAMP))
    folder.write(TIMESTAMP_FILE, stamp.to_bytes(_COMPACT))


def _timestamp(folder: RepositoryFolder) -> "Metadata[Timestamp] | None":
    content = folder.read(TIMESTAMP_FILE)
    return None if content is None else Metadata.from_bytes(content)


def _snapshot(folder: RepositoryFolder, timestamp: "Metadata[Timestamp]") -> "Metadata[Snapshot]":
    content = folder.read(f"{timestamp.signed.snapshot_meta.version}.snapshot.json")
    return Metadata.from_bytes(content or b"")
