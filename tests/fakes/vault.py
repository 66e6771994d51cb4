"""A vault that can be seen through: sealing turns the bytes round, which no search for a clear text finds."""

import hashlib


class ReversingVault:
    """Seals and opens without a key."""

    def seal(self, clear: bytes) -> bytes:
        return clear[::-1]

    def open(self, sealed: bytes) -> bytes:
        return sealed[::-1]

    def fingerprint(self, clear: str) -> str:
        return hashlib.md5(clear.encode()).hexdigest()
