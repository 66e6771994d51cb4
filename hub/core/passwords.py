"""Passwords and random tokens: how they are made, hashed and compared.

A password is kept as an argon2id hash. A random token needs no slow hash: nobody can try 2^256 of them.
"""

import secrets
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 1000
"""Characters; hashing more would let a stranger keep the processor busy."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Passwords:
    """Hashes and verifies; verifying takes as long for a name nobody has as for a wrong password."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._of_nobody = self._hasher.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """The argon2id hash with its salt and parameters."""
        return self._hasher.hash(password)

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits; `password_hash` None stands for an account that does not exist."""
        try:
            fits = self._hasher.verify(password_hash or self._of_nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return fits and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)


def generated_password() -> str:
    """Four groups of four letters and digits, none of which look alike: 79 bits, easy to type from paper."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def new_token() -> str:
    """256 random bits that fit into a cookie or a header."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored instead of a token."""
    return sha256(token.encode()).hexdigest()


def masked(secret: str) -> str:
    """The secret under a random pad of its own length, the pad before it: never twice the same.

    What is compressed together with text that a stranger chose can be guessed from its length when it repeats that
    text (BREACH); what changes with every page cannot.
    """
    clear = secret.encode()
    pad = secrets.token_bytes(len(clear))
    return (pad + _exclusive_or(pad, clear)).hex()


def unmasked(text: str) -> str:
    """The secret again; whatever is no masked secret comes out as something else."""
    try:
        given = bytes.fromhex(text)
    except ValueError:
        return ""
    half = len(given) // 2
    return _exclusive_or(given[:half], given[half:]).decode(errors="replace")


def is_same(left: str, right: str) -> bool:
    """Compare two secrets in a time that does not tell where they differ."""
    return secrets.compare_digest(left.encode(), right.encode())


def _exclusive_or(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=False))
