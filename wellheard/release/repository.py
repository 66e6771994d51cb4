"""A repository on disk, as TUF wants it with consistent snapshots, and the two roles that are signed on line.

`metadata/<version>.<role>.json`, `metadata/timestamp.json`, `targets/…/<sha256>.<name>`. Whoever holds the two keys of
snapshot and timestamp can withhold what is new, and can neither make a release nor bring an old snapshot back.
"""

from datetime import datetime, timedelta
from pathlib import Path

from securesystemslib.signer import Signer
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from contract.releases import CHANNELS
from edge.durable import write_durably

FRESH_FOR = timedelta(days=14)
"""How long terminals, and bundles on USB sticks, may rely on a snapshot."""


class Incomplete(Exception):
    """What has been published is missing from the repository."""


def newest(folder: Path, role: str) -> int:
    """The highest version of a role's metadata; 0 when there is none."""
    found = (path.name.partition(".")[0] for path in (folder / "metadata").glob(f"*.{role}.json"))
    return max((int(version) for version in found if version.isdecimal()), default=0)


def metadata_file(folder: Path, role: str, version: int) -> Path:
    """Where a version of a role's metadata is."""
    return folder / "metadata" / f"{version}.{role}.json"


def read_root(folder: Path) -> Metadata[Root]:
    """The newest root."""
    path = metadata_file(folder, Root.type, newest(folder, Root.type))
    return Metadata[Root].from_file(str(path))


def read_targets(folder: Path, role: str) -> Metadata[Targets]:
    """The newest metadata of the targets role or of a channel."""
    return Metadata[Targets].from_file(str(metadata_file(folder, role, newest(folder, role))))


def sign_online(folder: Path, snapshot: Signer, timestamp: Signer, now: datetime) -> int:
    """A new snapshot and timestamp over the newest metadata; returns their version."""
    latest = newest(folder, Snapshot.type)
    meta = {f"{role}.json": MetaFile(newest(folder, role)) for role in (Targets.type, *CHANNELS)}
    if latest:
        path = metadata_file(folder, Snapshot.type, latest)
        before = Metadata[Snapshot].from_file(str(path)).signed.meta
        if any(meta[name].version < known.version for name, known in before.items()):
            raise Incomplete("metadata that was published is missing from the repository")
    version = latest + 1
    expires = (now + FRESH_FOR).replace(microsecond=0)
    snapshots = Metadata(Snapshot(version=version, expires=expires, meta=meta))
    snapshots.sign(snapshot)
    write_durably(metadata_file(folder, Snapshot.type, version), snapshots.to_bytes())
    stamp = Metadata(Timestamp(version=version, expires=expires, snapshot_meta=MetaFile(version)))
    stamp.sign(timestamp)
    write_durably(folder / "metadata" / "timestamp.json", stamp.to_bytes())
    return version
