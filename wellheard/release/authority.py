"""Who may sign what: the root by two keys of three, and the targets role, which delegates to a role for each channel.

Decides how long each is good for and how keys are exchanged. A new root is signed by enough keys of the old one and by
enough of its own, so that a terminal that was off for a year follows from one to the next.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Root, Targets

from contract.releases import CHANNELS, channel_paths
from edge.durable import write_durably
from wellheard.release.keys import NAME, ONLINE, ROOTS
from wellheard.release.repository import (
    metadata_file,
    read_root,
    read_targets,
    sign_online,
)

ROOT_THRESHOLD = 2
ROOT_GOOD_FOR = timedelta(days=3 * 365)
TARGETS_GOOD_FOR = timedelta(days=2 * 365)
"""Of the targets role and of channels."""


class NotSigned(Exception):
    """The keys that were given do not suffice, or are not the role's; the text says so."""


def establish(folder: Path, keys: Mapping[str, CryptoSigner], now: datetime) -> None:
    """The first metadata of an empty repository; `keys` are all of them by name."""
    root = Root(expires=_after(now, ROOT_GOOD_FOR), consistent_snapshot=True)
    for name in ROOTS:
        root.add_key(keys[name].public_key, Root.type)
    for name in (Targets.type, *ONLINE):
        root.add_key(keys[name].public_key, name)
    root.roles[Root.type].threshold = ROOT_THRESHOLD
    _write(folder, Root.type, Metadata(root), [keys[name] for name in ROOTS])
    expires = _after(now, TARGETS_GOOD_FOR)
    targets = Targets(expires=expires, delegations=_delegations(keys))
    _write(folder, Targets.type, Metadata(targets), [keys[Targets.type]])
    for name in CHANNELS:
        _write(folder, name, Metadata(Targets(expires=expires)), [keys[name]])
    sign_online(folder, keys["snapshot"], keys["timestamp"], now)


def renew(folder: Path, role: str, signers: Sequence[CryptoSigner], now: datetime) -> int:
    """The same metadata once more, good for longer; returns its version."""
    if role != Root.type:
        return amend(folder, role, read_targets(folder, role), signers, now)
    return _succeed(folder, read_root(folder), signers, now)


def exchange(
    folder: Path, name: str, key: CryptoSigner, signers: Sequence[CryptoSigner], now: datetime
) -> int:
    """Put a new key in the place of the one of this name; returns the version of what was signed for that.

    A channel's key is exchanged by the key of the targets role, any other by enough keys of the root.
    """
    if name in CHANNELS:
        targets = read_targets(folder, Targets.type)
        for keyid in targets.signed.get_delegated_role(name).keyids.copy():
            targets.signed.revoke_key(keyid, name)
        targets.signed.add_key(key.public_key, name)
        return amend(folder, Targets.type, targets, signers, now)
    root = read_root(folder)
    role = Root.type if name in ROOTS else name
    for keyid in root.signed.roles[role].keyids.copy():
        if root.signed.keys[keyid].unrecognized_fields.get(NAME) == name:
            root.signed.revoke_key(keyid, role)
    root.signed.add_key(key.public_key, role)
    return _succeed(folder, root, [*signers, key] if role == Root.type else signers, now)


def amend(
    folder: Path,
    role: str,
    metadata: Metadata[Targets],
    signers: Sequence[CryptoSigner],
    now: datetime,
) -> int:
    """The next version of the targets' or of a channel's metadata; NotSigned if its delegator would not believe it."""
    metadata.signed.version += 1
    metadata.signed.expires = _after(now, TARGETS_GOOD_FOR)
    metadata.signatures.clear()
    for signer in signers:
        metadata.sign(signer, append=True)
    delegator = read_root(folder) if role == Targets.type else read_targets(folder, Targets.type)
    try:
        delegator.verify_delegate(role, metadata)
    except UnsignedMetadataError as error:
        raise NotSigned(str(error)) from error
    write_durably(metadata_file(folder, role, metadata.signed.version), metadata.to_bytes())
    return metadata.signed.version


def _succeed(
    folder: Path, root: Metadata[Root], signers: Sequence[CryptoSigner], now: datetime
) -> int:
    """The next root, if the one before it and it itself would believe it."""
    before = read_root(folder)
    root.signed.version += 1
    root.signed.expires = _after(now, ROOT_GOOD_FOR)
    root.signatures.clear()
    for signer in signers:
        root.sign(signer, append=True)
    try:
        before.verify_delegate(Root.type, root)
        root.verify_delegate(Root.type, root)
    except UnsignedMetadataError as error:
        raise NotSigned(str(error)) from error
    write_durably(metadata_file(folder, Root.type, root.signed.version), root.to_bytes())
    return root.signed.version


def _delegations(keys: Mapping[str, CryptoSigner]) -> Delegations:
    public = [keys[name].public_key for name in CHANNELS]
    roles = {
        name: DelegatedRole(name, [key.keyid], 1, terminating=True, paths=channel_paths(name))
        for name, key in zip(CHANNELS, public, strict=True)
    }
    return Delegations({key.keyid: key for key in public}, roles)


def _write(
    folder: Path,
    role: str,
    metadata: Metadata[Root] | Metadata[Targets],
    signers: Sequence[CryptoSigner],
) -> None:
    for signer in signers:
        metadata.sign(signer, append=True)
    write_durably(metadata_file(folder, role, metadata.signed.version), metadata.to_bytes())


def _after(now: datetime, span: timedelta) -> datetime:
    return (now + span).replace(microsecond=0)
