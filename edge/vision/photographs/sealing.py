"""Seals a picture for the hub, as agreed on in `contract.photographs`; this terminal cannot open it again."""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def seal(picture: bytes, public_key: str, binding: bytes) -> bytes:
    """`public_key` is the hub's, in hexadecimal."""
    key = X25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    return SUITE.encrypt(picture, key, info=binding)
