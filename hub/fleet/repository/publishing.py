"""Takes in what operators signed, and says what counts by the hub's own signatures of snapshot and timestamp.

The timestamp is replaced last, in one step: whatever happens before leaves the repository as it was. Both are signed
anew before they expire, so that terminals notice a hub, or somebody in between, that withholds what is new.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import structlog
from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, MetaFile, Snapshot, Timestamp
from tuf.api.serialization.json import JSONSerializer

from hub.core.clock import as_datetime
from hub.fleet.repository.checking import (
    HasTarget,
    Signed,
    State,
    names_online_keys,
    next_roles,
    next_root,
    read_given,
)
from hub.fleet.repository.folder import TIMESTAMP_FILE, RepositoryFolder
from hub.fleet.repository.online_keys import ROLES, SNAPSHOT, TIMESTAMP, OnlineKeys

log = structlog.get_logger()

SNAPSHOT_LASTS = timedelta(days=30)
TIMESTAMP_LASTS = timedelta(days=7)
_COMPACT = JSONSerializer(compact=True)


def publish(
    folder: RepositoryFolder, keys: OnlineKeys, files: Mapping[str, str], now_ms: int
) -> list[str]:
    """Take in signed files; the names of those that are new. BadInput names the one that is refused: then none is."""
    given = read_given(files)
    roots = [one for one in given if one.role == "root"]
    others = [one for one in given if one.role != "root"]
    online = _public(keys)
    now = as_datetime(now_ms)
    with folder.changing():
        state = current(folder)
        root, new_roots = next_root(state.root, roots, online, now)
        roles = next_roles(state, root, others, _holding(folder), now)
        new = [one for one in others if state.roles.get(one.role) != roles[one.role]]
        for one in (*new_roots, *new):
            folder.write(one.name, one.content)
        if new or new_roots or folder.metadata(TIMESTAMP_FILE) is None:
            _sign(folder, keys, roles, now)
    return [one.name for one in (*new_roots, *new)]


def renew(folder: RepositoryFolder, keys: OnlineKeys, now_ms: int) -> bool:
    """Sign anew what has lived half of its time; whether anything had."""
    now = as_datetime(now_ms)
    with folder.changing():
        timestamp = _timestamp(folder)
        if timestamp is None:
            return False
        state = current(folder)
        if state.root is None or not names_online_keys(state.root, _public(keys)):
            log.error("releases_not_signed", reason="root names other keys than the hub's")
            return False
        if _snapshot(folder, timestamp).signed.expires - now < SNAPSHOT_LASTS / 2:
            _sign(folder, keys, state.roles, now)
            return True
        if timestamp.signed.expires - now < TIMESTAMP_LASTS / 2:
            _stamp(folder, keys, timestamp.signed.snapshot_meta, now)
            return True
        return False


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


def _public(keys: OnlineKeys) -> dict[str, Key]:
    return {role: keys.public(role) for role in ROLES}


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
    snapshot = Metadata(Snapshot(version, expires=_until(now, SNAPSHOT_LASTS), meta=meta))
    snapshot.sign(keys.signer(SNAPSHOT))
    content = snapshot.to_bytes(_COMPACT)
    folder.write(f"{version}.snapshot.json", content)
    _stamp(folder, keys, MetaFile.from_data(version, content, ["sha256"]), now)


def _stamp(folder: RepositoryFolder, keys: OnlineKeys, snapshot: MetaFile, now: datetime) -> None:
    before = _timestamp(folder)
    version = 1 if before is None else before.signed.version + 1
    stamp = Timestamp(version, expires=_until(now, TIMESTAMP_LASTS), snapshot_meta=snapshot)
    timestamp = Metadata(stamp)
    timestamp.sign(keys.signer(TIMESTAMP))
    folder.write(TIMESTAMP_FILE, timestamp.to_bytes(_COMPACT))


def _timestamp(folder: RepositoryFolder) -> "Metadata[Timestamp] | None":
    content = folder.read(TIMESTAMP_FILE)
    return None if content is None else Metadata.from_bytes(content)


def _snapshot(folder: RepositoryFolder, timestamp: "Metadata[Timestamp]") -> "Metadata[Snapshot]":
    content = folder.read(f"{timestamp.signed.snapshot_meta.version}.snapshot.json")
    return Metadata.from_bytes(content or b"")


def _until(now: datetime, lasting: timedelta) -> datetime:
    return (now + lasting).astimezone(UTC).replace(microsecond=0)
