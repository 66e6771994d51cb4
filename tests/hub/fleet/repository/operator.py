"""An operator with the keys that belong off line: signs a root, channels and small releases, as files by name."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from securesystemslib.signer import CryptoSigner, Key
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    Root,
    TargetFile,
    Targets,
)

from hub.fleet.repository.repository import Repository
from tests.fakes.clock import HeldClock

CHANNELS = ("canary", "stable")


class Operator:
    """`root` three keys of which two are needed, one for targets and one a channel; `files` is what to upload."""

    def __init__(self, clock: HeldClock, online: Mapping[str, Mapping[str, Any]]) -> None:
        self.clock = clock
        self.root_keys = [CryptoSigner.generate_ed25519() for _ in range(3)]
        self.keys = {name: CryptoSigner.generate_ed25519() for name in ("targets", *CHANNELS)}
        self.channels = {name: Targets(1, expires=self.later()) for name in CHANNELS}
        self.targets: dict[str, bytes] = {}
        self.root = Root(1, expires=self.later(), consistent_snapshot=True)
        for key in self.root_keys:
            self.root.add_key(key.public_key, "root")
        self.root.roles["root"].threshold = 2
        self.root.add_key(self.keys["targets"].public_key, "targets")
        for role, public in online.items():
            given = dict(public)
            self.root.add_key(Key.from_dict(given.pop("keyid"), given), role)
        self.top = Targets(1, expires=self.later(), delegations=self._delegations())

    def later(self, days: int = 365) -> datetime:
        at = datetime.fromtimestamp(self.clock.now_ms() / 1000, UTC)
        return (at + timedelta(days=days)).replace(microsecond=0)

    def release(self, channel: str, version: str, wheel: bytes = b"PK wheel") -> None:
        """A lock file and one wheel, signed for the channel by the next `files`."""
        name = f"clinic-{version}-py3-none-any.whl"
        digest = sha256(wheel).hexdigest()
        lock = f"clinic=={version} --hash=sha256:{digest}\n".encode()
        custom = {"version": version, "hardware": ["aarch64"], "wheels": {name: digest}}
        self.add(channel, f"{channel}/wheels/{name}", wheel)
        self.add(channel, f"{channel}/{version}.lock", lock, custom)

    def add(self, channel: str, path: str, content: bytes, custom: Any = None) -> None:
        target = TargetFile.from_data(path, content, ["sha256"])
        if custom:
            target.unrecognized_fields["custom"] = custom
        self.channels[channel].targets[path] = target
        folder, _, name = path.rpartition("/")
        self.targets[f"{folder}/{sha256(content).hexdigest()}.{name}"] = content

    def files(self, *names: str) -> dict[str, str]:
        """Signed files by name: those of these roles, or all."""
        made = {}
        for name in names or ("root", "targets", *CHANNELS):
            if name == "root":
                made |= self.sign("root", self.root, self.root_keys[:2])
            else:
                signed = self.top if name == "targets" else self.channels[name]
                made |= self.sign(name, signed, [self.keys[name]])
        return made

    def sign(self, role: str, signed: Root | Targets, keys: list[CryptoSigner]) -> dict[str, str]:
        metadata: Metadata[Any] = Metadata(signed)
        for key in keys:
            metadata.sign(key, append=True)
        return {f"{signed.version}.{role}.json": metadata.to_bytes().decode()}

    def _delegations(self) -> Delegations:
        roles = {
            name: DelegatedRole(
                name,
                [self.keys[name].public_key.keyid],
                1,
                terminating=True,
                paths=[f"{name}/*.lock", f"{name}/wheels/*.whl"],
            )
            for name in CHANNELS
        }
        return Delegations(
            {self.keys[name].public_key.keyid: self.keys[name].public_key for name in CHANNELS},
            roles,
        )


def published(repository: Repository, clock: HeldClock, *versions: str) -> Operator:
    """An operator whose releases of these versions, for `stable`, are in the repository."""
    operator = Operator(clock, repository.public_keys())
    for version in versions:
        operator.release("stable", version, f"PK {version}".encode())
    for name, content in operator.targets.items():
        incoming = repository.files.receive(name)
        incoming.write(content)
        incoming.keep()
    repository.publish({name: text.encode() for name, text in operator.files().items()})
    return operator
