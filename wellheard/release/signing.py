"""Signs a built release for a channel: its lock, with the words about it, and its wheels become targets of the channel.

Decides that a name stands for one content for ever, and that a version that was signed stays as it was.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import TargetFile

from contract.releases import Release, lock_target, served_name, wheel_target
from wellheard.release.authority import amend
from wellheard.release.building import LOCK, WHEELS, WORDS
from wellheard.release.repository import read_targets


class NotSignable(Exception):
    """The release does not fit what the channel has signed before; the text says why."""


def sign(repository: Path, built: Path, channel: str, key: CryptoSigner, now: datetime) -> Release:
    """Add a built release to a channel of a repository; it is there for terminals once a snapshot names it."""
    words = Release.model_validate_json((built / WORDS).read_bytes())
    release = words.model_copy(update={"built_ms": int(now.timestamp() * 1000)})
    metadata = read_targets(repository, channel)
    if lock_target(channel, release.version) in metadata.signed.targets:
        raise NotSignable(f"{release.version} is in {channel} already")
    for target, source in _files(built, channel, release):
        signed = TargetFile.from_file(target, str(source), ["sha256"])
        known = metadata.signed.targets.get(target)
        if known is not None and known.hashes != signed.hashes:
            raise NotSignable(f"{target} was signed before, with other content")
        if target == lock_target(channel, release.version):
            signed.unrecognized_fields["custom"] = release.model_dump(mode="json")
        metadata.signed.targets[target] = signed
        _place(source, repository / "targets" / served_name(target, signed.hashes["sha256"]))
    amend(repository, channel, metadata, [key], now)
    return release


def withdraw(
    repository: Path, version: str, channel: str, key: CryptoSigner, now: datetime
) -> None:
    """Take a release out of a channel, and the wheels that no other release there needs."""
    metadata = read_targets(repository, channel)
    targets = metadata.signed.targets
    if targets.pop(lock_target(channel, version), None) is None:
        raise NotSignable(f"{version} is not in {channel}")
    needed = {
        wheel_target(channel, wheel)
        for target in targets.values()
        for wheel in target.unrecognized_fields.get("custom", {}).get("wheels", {})
    }
    for target in [name for name in targets if name.endswith(".whl") and name not in needed]:
        del targets[target]
    amend(repository, channel, metadata, [key], now)


def _files(built: Path, channel: str, release: Release) -> Iterator[tuple[str, Path]]:
    for wheel in release.wheels:
        yield wheel_target(channel, wheel), built / WHEELS / wheel
    yield lock_target(channel, release.version), built / LOCK


def _place(source: Path, to: Path) -> None:
    if to.exists():
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    unready = to.with_name(f"{to.name}.new")
    shutil.copyfile(source, unready)
    unready.replace(to)
