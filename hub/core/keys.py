"""The keys that personal data is encrypted with at rest: made at the first start, newest first, kept in one file."""

from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet


class KeyRing:
    """Seals with the newest key and opens with any of them, so that a new key can be put in front."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            _write_new(path)
        keys = path.read_bytes().split()
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, clear: bytes) -> bytes:
        """Encrypted and authenticated."""
        return self._fernet.encrypt(clear)

    def open(self, sealed: bytes) -> bytes:
        """The clear text; cryptography.fernet.InvalidToken when no key fits or a byte was changed."""
        return self._fernet.decrypt(sealed)


def _write_new(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_bytes(Fernet.generate_key() + b"\n")
    new.replace(path)
