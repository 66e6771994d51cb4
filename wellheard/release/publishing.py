"""Brings what was signed to where terminals find it: to a hub, into a folder that is served, or on a USB stick.

Decides the order: wheels and locks first, then the metadata that names them, last the snapshot, so that whoever looks
in between sees the state before. The hub signs snapshot and timestamp itself; it is shown files, never an offline key.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Root, Snapshot, Targets

from contract.releases import CHANNELS, Release, lock_target, served_name, wheel_target
from wellheard.release.repository import metadata_file, newest, read_targets, sign_online

PATIENCE_S = 60.0
OFFLINE = (Root.type, Targets.type, *CHANNELS)
STICK_JOB = "update.json"
"""What a terminal reads first on a stick: which release of which channel it brings. Nobody signs it: it only asks."""


class NotPublished(Exception):
    """The hub refused, or what should go out is not there; the text is its sentence."""


def publish_to_hub(
    repository: Path, url: str, token: str, keys: Mapping[str, CryptoSigner]
) -> list[str]:
    """Upload what the hub has not, with an API token; returns the names of the files that were new.

    `keys` are those of snapshot and timestamp where the hub is to take them over, which it does before the first root.
    """
    new: list[str] = []
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers, timeout=PATIENCE_S) as client:
        if keys:
            private = {name: signer.private_bytes.decode() for name, signer in keys.items()}
            _checked(client.put("/api/releases/keys", json=private))
        for name in _targets(repository):
            path = f"/api/releases/{name}"
            there = client.get(path)
            if there.status_code == httpx.codes.NOT_FOUND:
                _checked(client.put(path, content=(repository / name).read_bytes()))
                new.append(name)
            else:
                _checked(there)
        files = {path.name: path.read_text("utf-8") for path in _newest(repository)}
        answer = _checked(client.post("/api/releases/metadata", json=files))
    return [*new, *answer.json()["files"]]


def publish_to_folder(
    repository: Path, folder: Path, keys: Mapping[str, CryptoSigner], now: datetime
) -> None:
    """Copy what a folder has not, and sign its snapshot and timestamp; `folder` may be the repository itself."""
    for name in _targets(repository):
        _copy(repository / name, folder / name)
    for path in _metadata(repository, OFFLINE):
        _copy(path, folder / "metadata" / path.name)
    sign_online(folder, keys["snapshot"], keys["timestamp"], now)


def write_stick(published: Path, folder: Path, channel: str, version: str) -> None:
    """One release of a published repository, with all that a terminal needs to believe it, for a USB stick.

    Terminals look for it in the stick's folder `wellheard`. It is good for as long as the snapshot is.
    """
    release = _release(published, channel, version)
    targets = read_targets(published, channel).signed.targets
    for target in (
        *(wheel_target(channel, wheel) for wheel in release.wheels),
        lock_target(channel, version),
    ):
        name = served_name(target, targets[target].hashes["sha256"])
        _copy(published / "targets" / name, folder / "targets" / name)
    for path in _metadata(published, (Root.type, Targets.type, channel, Snapshot.type)):
        _copy(path, folder / "metadata" / path.name)
    _copy(published / "metadata" / "timestamp.json", folder / "metadata" / "timestamp.json")
    (folder / STICK_JOB).write_text(json.dumps({"channel": channel, "release": version}))


def _release(published: Path, channel: str, version: str) -> Release:
    target = read_targets(published, channel).signed.targets.get(lock_target(channel, version))
    if target is None:
        raise NotPublished(f"{version} is not in {channel}")
    return Release.model_validate(target.unrecognized_fields["custom"])


def _targets(repository: Path) -> Iterator[str]:
    for path in sorted((repository / "targets").rglob("*")):
        if path.is_file() and not path.name.endswith(".new"):
            yield path.relative_to(repository).as_posix()


def _newest(repository: Path) -> Iterator[Path]:
    """Every root, because terminals follow them one by one, and the newest file of what else is signed off line."""
    yield from _metadata(repository, (Root.type,))
    for role in (Targets.type, *CHANNELS):
        yield metadata_file(repository, role, newest(repository, role))


def _metadata(repository: Path, roles: tuple[str, ...]) -> Iterator[Path]:
    for role in roles:
        for version in range(1, newest(repository, role) + 1):
            path = metadata_file(repository, role, version)
            if path.exists():
                yield path


def _copy(source: Path, to: Path) -> None:
    if to.exists() and (to.samefile(source) or to.name != "timestamp.json"):
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    unready = to.with_name(f"{to.name}.new")
    shutil.copyfile(source, unready)
    unready.replace(to)


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        problem = answer.json()
        sentence = problem.get("detail") or problem["title"]
    except (ValueError, KeyError, AttributeError):
        sentence = f"HTTP {answer.status_code}"
    raise NotPublished(f"{answer.request.url.path}: {sentence}")


def utc_now() -> datetime:
    """Now, as signatures are dated."""
    return datetime.now(UTC)
