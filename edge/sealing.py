"""Encryption at rest of what names or reaches a person.

Decides the cipher (Fernet: AES-128-CBC with HMAC-SHA256) and where the key lies: in a file of this user alone, beside
what it opens, made at the first start. Whoever holds the whole card holds the key; a copied or discarded queue file
by itself says nothing.
"""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

MARK = b"WHS1"
"""How sealed bytes begin; no JSON message begins so."""


class KeyUnusable(Exception):
    """The key file is there and cannot be used; the text names it."""


class Unsealable(Exception):
    """Sealed under another key, or damaged."""


class Seal:
    """One key."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)

    def close(self, payload: bytes) -> bytes:
        """The payload, encrypted."""
        return MARK + self._fernet.encrypt(payload)

    def open(self, payload: bytes) -> bytes:
        """What was sealed; plain bytes come back as they are. Unsealable under another key."""
        if not payload.startswith(MARK):
            return payload
        try:
            return self._fernet.decrypt(payload[len(MARK) :])
        except InvalidToken as error:
            raise Unsealable("sealed under another key, or damaged") from error


def read_seal(path: Path) -> Seal:
    """The seal whose key is in the file, which is made if it is not there."""
    if not path.exists():
        _make_key(path)
    try:
        return Seal(path.read_bytes().strip())
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"{path}: no key can be read from it") from error


def _make_key(path: Path) -> None:
    """Durable under its name before anything is sealed with it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(descriptor)
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
