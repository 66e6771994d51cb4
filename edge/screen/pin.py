"""The staff's PIN: compared against a hash from the configuration, or against the one the terminal made for itself.

A PIN of six digits is guessable by whoever has the hash; what protects it is the ever slower answer to wrong ones.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

_COST = {"n": 2**13, "r": 8, "p": 1}


def hash_pin(pin: str) -> str:
    """For `pin_hash` in the settings or the hub's configuration."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${hashlib.scrypt(pin.encode(), salt=salt, **_COST).hex()}"


def is_right(pin: str, pin_hash: str) -> bool:
    """Whether this is the PIN; a hash that cannot be read fits none."""
    try:
        kind, salt, digest = pin_hash.split("$")
        found = hashlib.scrypt(pin.encode(), salt=bytes.fromhex(salt), **_COST)
    except ValueError:
        return False
    return kind == "scrypt" and hmac.compare_digest(found.hex(), digest)


def own_pin(folder: Path) -> str:
    """The PIN that this terminal made at its first start; six digits, in a file of this user alone."""
    path = folder / "staff-pin"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{secrets.randbelow(10**6):06d}\n")
    return path.read_text().strip()
