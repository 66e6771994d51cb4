"""The keys of releases: Ed25519, one PEM file each, named for what it signs.

`root-1` to `root-3`, `targets` and a key for each channel belong off line and apart from each other; `snapshot` and
`timestamp` go to the hub. Files of the former may be sealed with a passphrase; the hub's cannot, it starts by itself.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, SSlibKey

from contract.releases import CHANNELS

ROOTS = ("root-1", "root-2", "root-3")
ONLINE = ("snapshot", "timestamp")
KEYS = (*ROOTS, "targets", *CHANNELS, *ONLINE)
NAME = "x-wellheard-name"
"""Signed with the root, so that a key that was lost can be named when it is replaced."""


class KeyUnusable(Exception):
    """A key's file is missing, sealed, or no key; the text says which."""


def make_key(folder: Path, name: str, passphrase: str | None = None) -> CryptoSigner:
    """A new key in a file that did not exist; its owner alone may read it."""
    private = Ed25519PrivateKey.generate()
    sealed: KeySerializationEncryption = NoEncryption()
    if passphrase and name not in ONLINE:
        sealed = BestAvailableEncryption(passphrase.encode())
    path = folder / f"{name}.pem"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        raise KeyUnusable(f"{path} exists: a key is never overwritten")
    path.touch(mode=0o600)
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed))
    return _signer(private, name)


def read_key(path: Path, passphrase: str | None = None) -> CryptoSigner:
    """The key in a file, named for the file; KeyUnusable says what is wrong with it."""
    try:
        private = load_pem_private_key(path.read_bytes(), None)
    except TypeError:  # it is sealed
        private = _unsealed(path, passphrase)  # type: ignore[assignment]
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"{path}: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnusable(f"{path} is no Ed25519 key")
    return _signer(private, path.stem)


def _unsealed(path: Path, passphrase: str | None) -> object:
    if not passphrase:
        raise KeyUnusable(f"{path} is sealed with a passphrase")
    try:
        return load_pem_private_key(path.read_bytes(), passphrase.encode())
    except ValueError as error:
        raise KeyUnusable(f"{path}: not the right passphrase") from error


def _signer(private: Ed25519PrivateKey, name: str) -> CryptoSigner:
    public = SSlibKey.from_crypto(private.public_key())
    public.unrecognized_fields[NAME] = name
    return CryptoSigner(private, public)
