"""The keys that personal data is encrypted with at rest: made at the first start, newest first, kept in one file."""

from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet

from hub.core.private_files import make_file, write_once


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

    def seal(self, clear: bytes) -> bytes:
        """Encrypted and authenticated."""
        return self._fernet.encrypt(clear)

    def open(self, sealed: bytes) -> bytes:
        """The clear text; cryptography.fernet.InvalidToken when no key fits or a byte was changed."""
        return self._fernet.decrypt(sealed)
