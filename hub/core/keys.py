"""The keys that personal data is encrypted with at rest: made at the first start, newest first, kept in one file."""

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet, MultiFernet

from hub.core.private_files import make_file, write_once


class Vault(Protocol):
    """Encrypts what must not lie open at rest."""

    def seal(self, clear: bytes) -> bytes:
        """Encrypted."""
        ...

    def open(self, sealed: bytes) -> bytes:
        """The clear text again."""
        ...

    def fingerprint(self, clear: str) -> str:
        """What a sealed text can be looked up by: always the same for the same text."""
        ...


class KeysUnreadable(Exception):
    """There is a file of keys, but no keys in it. Made anew, they could not open what the old ones sealed."""


class KeyRing:
    """Seals with the newest key and opens with any of them, so that a new key can be put in front."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            write_once(path, Fernet.generate_key() + b"\n")
        make_file(path)  # private again, whatever a restored copy was
        try:
            self._fernet = MultiFernet([Fernet(key) for key in path.read_bytes().split()])
        except ValueError as error:
            raise KeysUnreadable(f"{path}: not a file of keys; restore it from a backup") from error
        self._fingerprints = _fingerprint_key(path.with_name("fingerprint.key"))

    def seal(self, clear: bytes) -> bytes:
        """Encrypted and authenticated."""
        return self._fernet.encrypt(clear)

    def open(self, sealed: bytes) -> bytes:
        """The clear text; cryptography.fernet.InvalidToken when no key fits or a byte was changed."""
        return self._fernet.decrypt(sealed)

    def fingerprint(self, clear: str) -> str:
        """The same for the same text, and of no use without the key: to look up what is sealed. 32 hex digits."""
        return hmac.digest(self._fingerprints, clear.encode(), hashlib.sha256).hex()[:32]


def _fingerprint_key(path: Path) -> bytes:
    """A key of its own that never rotates: what was stored must still be found."""
    if not path.exists():
        write_once(path, secrets.token_hex(32).encode() + b"\n")
    make_file(path)
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if not key:
        raise KeysUnreadable(f"{path}: not a key; restore it from a backup")
    return key
