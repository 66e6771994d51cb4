"""Opens what terminals have sealed: the hub's private keys, made at the first start, newest first, kept in one file.

Terminals are told the newest public key; older keys stay for what is still on its way. How a picture is sealed is
agreed on in `contract.photographs`.
"""

from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from contract.photographs import key_name
from hub.core.keys import KeysUnreadable
from hub.core.private_files import make_file, write_once

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class NotOpened(Exception):
    """Sealed for another hub, device or answer, or damaged."""


class Envelopes:
    """The keys in one file: each line 32 bytes in hexadecimal."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            write_once(path, X25519PrivateKey.generate().private_bytes_raw().hex().encode() + b"\n")
        make_file(path)  # private again, whatever a restored copy was
        try:
            raw = [bytes.fromhex(line) for line in path.read_text("ascii").split()]
            keys = [X25519PrivateKey.from_private_bytes(key) for key in raw]
        except ValueError as error:
            raise KeysUnreadable(f"{path}: not a file of keys; restore it from a backup") from error
        if not keys:
            raise KeysUnreadable(f"{path}: no keys in it; restore it from a backup")
        public = [key.public_key().public_bytes_raw().hex() for key in keys]
        self.public_key = public[0]
        """For terminals to seal with, in hexadecimal."""
        self._keys = {key_name(name): key for name, key in zip(public, keys, strict=True)}

    def open(self, sealed: bytes, key: str | None, binding: bytes) -> bytes:
        """The picture; NotOpened."""
        private = self._keys.get(key or key_name(self.public_key))
        if private is None:
            raise NotOpened
        try:
            return SUITE.decrypt(sealed, private, info=binding)
        except (InvalidTag, ValueError) as error:
            raise NotOpened from error
