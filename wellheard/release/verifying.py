"""Looks at a repository as a terminal would: by the root it was given, with the terminal's own rules and code."""

import hashlib
import tempfile
from datetime import datetime
from pathlib import Path

from contract.releases import Release, lock_target
from edge.fleet.updates.rules import contradiction
from edge.fleet.updates.sources import FolderSource, SignedFile
from edge.fleet.updates.trust import NotTrusted, Trust
from wellheard.release.repository import read_targets


def verify(repository: Path, root: bytes, channel: str, now: datetime) -> list[Release]:
    """The releases that a terminal would believe. NotTrusted or NotReached: what it would not, and why."""
    source = FolderSource(repository)
    with tempfile.TemporaryDirectory() as memory:
        now_ms = int(now.timestamp() * 1000)
        catalogue, _ = Trust(Path(memory), root).refresh(source, now_ms, 0)
        releases = []
        for version in _versions(repository, channel):
            release, lock = catalogue.release(channel, version)
            if (sentence := contradiction(release, catalogue.until_ms)) is not None:
                raise NotTrusted(f"{version}: {sentence}")
            for file in [lock, *catalogue.wheels(channel, release)]:
                _compare(source, file)
            releases.append(release)
    return releases


def _versions(repository: Path, channel: str) -> list[str]:
    first, last = lock_target(channel, "\0").split("\0")
    locks = (name for name in read_targets(repository, channel).signed.targets)
    return [
        name.removeprefix(first).removesuffix(last)
        for name in locks
        if name.startswith(first) and name.endswith(last)
    ]


def _compare(source: FolderSource, file: SignedFile) -> None:
    digest, length = hashlib.sha256(), 0
    with source.open(file, 0) as answer:
        for piece in answer.pieces:
            digest.update(piece)
            length += len(piece)
    if (length, digest.hexdigest()) != (file.length, file.sha256):
        raise NotTrusted(f"{file.target} is not the file that was signed")
