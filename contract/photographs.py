"""Photographs with answers: the policies there are, and how a picture is sealed for the hub alone.

HPKE (RFC 9180), base mode, KEM X25519-HKDF-SHA256, KDF HKDF-SHA256, AEAD ChaCha20-Poly1305: the terminal seals with the
hub's public key, which comes with the desired document, and cannot open again what it has sealed. A sealed picture is
bound to its device and its answer: with the header of another it does not open.
"""

from enum import IntEnum

from contract.messages.answers import Reference


class Policy(IntEnum):
    """What a facility allows, from the most private on; of two that both apply the lower one counts."""

    OFF = 0
    BLURRED = 1
    """Every face is made unrecognisable before anything is encoded."""
    FULL = 2

    @property
    def code(self) -> str:
        """As documents spell it."""
        return self.name.lower()

    @classmethod
    def of(cls, code: str) -> "Policy":
        """A policy of a later version is not understood, and nothing is photographed."""
        return next((policy for policy in cls if policy.code == code), cls.OFF)


def binding(device: str, answer: Reference) -> bytes:
    """HPKE's `info`."""
    return f"wellheard photograph 1\n{device}\n{answer.epoch}\n{answer.sequence}".encode()


def key_name(public_key: str) -> str:
    """What `PhotoTaken.key` calls a public key, which is written in hexadecimal."""
    return public_key[:16]
