"""The releases of this hub: one repository for all of its organisations, and what is done with it.

What needs python-tuf is loaded when it is first used: it takes its time, and most starts of a hub publish nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.core.clock import Clock
from hub.core.jobs.ticker import Duty
from hub.core.keys import Vault
from hub.fleet.repository.folder import TIMESTAMP_FILE, RepositoryFolder

RENEWED_EVERY_S = 600.0
UNFINISHED_KEPT_S = 24 * 3600
"""Of an upload that was broken off."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version that may be installed, as its channel's signed file describes it."""

    channel: str
    version: str
    custom: Mapping[str, Any]
    lock_sha256: str = ""


class Repository:
    """Files below `folder`, the hub's keys beside its others."""

    def __init__(self, folder: Path, keys: Path, vault: Vault, clock: Clock) -> None:
        self.files = RepositoryFolder(folder)
        self._keys = keys
        self._vault = vault
        self._clock = clock

    def public_keys(self) -> dict[str, dict[str, Any]]:
        """The hub's own keys by role, as root has to name them."""
        from hub.fleet.repository import publishing  # noqa: PLC0415

        found = publishing.public_keys(self._online())
        return {role: {"keyid": key.keyid, **key.to_dict()} for role, key in found.items()}

    def take_over_keys(self, keys: Mapping[str, str]) -> None:
        """Use these private keys by role, which an operator has made and a root names."""
        from hub.fleet.repository import publishing  # noqa: PLC0415

        publishing.take_over(self.files, self._online(), keys)

    def has_root(self) -> bool:
        """Whether somebody's word has been taken for the first root."""
        return self.files.metadata("1.root.json") is not None

    def publish(self, files: Mapping[str, bytes]) -> list[str]:
        """Take in signed files by name; the names of what is new. BadInput names what is refused."""
        from hub.fleet.repository import publishing  # noqa: PLC0415

        return publishing.publish(self.files, self._online(), files, self._clock.now_ms())

    def has(self, name: str) -> bool:
        """Whether a signed file of this name is here, published or waiting."""
        return self.files.metadata(name) is not None or name in self.files.staged()

    def stage(self, name: str, content: bytes) -> None:
        """Keep a signed file for `publish_staged`; BadInput says why not."""
        from hub.fleet.repository import publishing  # noqa: PLC0415

        publishing.stage(self.files, name, content)

    def publish_staged(self) -> list[str]:
        """Publish what waits, as `publish` does."""
        from hub.fleet.repository import publishing  # noqa: PLC0415

        return publishing.publish_staged(self.files, self._online(), self._clock.now_ms())

    def renew(self) -> bool:
        """Sign snapshot and timestamp anew where it is time; whether it was."""
        self.files.forget_unfinished(self._clock.now_ms() / 1000 - UNFINISHED_KEPT_S)
        if self.files.metadata(TIMESTAMP_FILE) is None:
            return False
        from hub.fleet.repository import publishing  # noqa: PLC0415

        return publishing.renew(self.files, self._online(), self._clock.now_ms())

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("releases_signed", RENEWED_EVERY_S, self.renew)]

    def releases(self) -> list[Release]:
        """All that count now."""
        stamped = _signed(self.files.read(TIMESTAMP_FILE))
        version = stamped.get("meta", {}).get("snapshot.json", {}).get("version")
        listed = _signed(self.files.read(f"{version}.snapshot.json")).get("meta", {})
        top = _signed(self.files.read(f"{_version(listed, 'targets')}.targets.json"))
        found = []
        for role in (top.get("delegations") or {}).get("roles", ()):
            channel = role["name"]
            signed = _signed(self.files.read(f"{_version(listed, channel)}.{channel}.json"))
            found += _releases(channel, signed.get("targets", {}))
        return sorted(found, key=lambda one: (one.channel, one.version))

    def find(self, version: str, channel: str | None = None) -> Release | None:
        """The release of this version, in this channel or in any."""
        return next(
            (r for r in self.releases() if r.version == version and channel in {None, r.channel}),
            None,
        )

    def _online(self) -> Any:
        from hub.fleet.repository.online_keys import OnlineKeys  # noqa: PLC0415

        return OnlineKeys(self._keys, self._vault)


def _signed(content: bytes | None) -> dict[str, Any]:
    return {} if content is None else dict(json.loads(content)["signed"])


def _version(listed: Mapping[str, Any], role: str) -> int:
    return int(listed.get(f"{role}.json", {}).get("version", 0))


def _releases(channel: str, targets: Mapping[str, Any]) -> list[Release]:
    found = []
    for path, target in targets.items():
        folder, _slash, name = path.partition("/")
        custom = target.get("custom", {})
        if folder == channel and name.endswith(".lock"):
            version = str(custom.get("version", name.removesuffix(".lock")))
            found.append(Release(channel, version, custom, target["hashes"]["sha256"]))
    return found
