"""The keys that personal data is encrypted with at rest: made at the first start, newest first, kept in one file."""

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet, MultiFernet

from hub.core.private_files import locked, make_file, replace_file, write_once


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
    """Seals with the newest key and opens with any of them, so that a new key can be put in front.

    The file is read again when it has changed: another process may have put a key in front, and sealed with it.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            write_once(path, Fernet.generate_key() + b"\n")
        make_file(path)  # private again, whatever a restored copy was
        self._path = path
        self._read()
        self._fingerprints = _fingerprint_key(path.with_name("fingerprint.key"))

    def seal(self, clear: bytes) -> bytes:
        """Encrypted and authenticated."""
        return self._now().encrypt(clear)

    def open(self, sealed: bytes) -> bytes:
        """The clear text; cryptography.fernet.InvalidToken when no key fits or a byte was changed."""
        return self._now().decrypt(sealed)

    def rotate(self) -> int:
        """Put a new key in front; how many there are then. The older ones stay, for what they sealed."""
        with locked(self._path):
            replace_file(self._path, Fernet.generate_key() + b"\n" + self._path.read_bytes())
        self._now()
        return len(self._path.read_bytes().split())

    def fingerprint(self, clear: str) -> str:
        """The same for the same text, and of no use without the key: to look up what is sealed. 32 hex digits."""
        return hmac.digest(self._fingerprints, clear.encode(), hashlib.sha256).hex()[:32]

    def _now(self) -> MultiFernet:
        if _version(self._path) != self._version:
            self._read()
        return self._fernet

    def _read(self) -> None:
        self._version = _version(self._path)
        try:
            self._fernet = MultiFernet([Fernet(key) for key in self._path.read_bytes().split()])
        except ValueError as error:
            raise KeysUnreadable(
                f"{self._path}: not a file of keys; restore it from a backup"
            ) from error


def _version(path: Path) -> tuple[int, int]:
    """Another number for another file of this name."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


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
