"""A folder of files that are named by their own SHA-256. What they hold, and for how long, is their owners' affair."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from re import compile as pattern

from hub.core.private_files import write_once

_NAME = pattern(r"[0-9a-f]{64}")


class ObjectFolder:
    """Private files, durable once kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Store a file; returns its name."""
        name = sha256(content).hexdigest()
        write_once(self._folder / name, content)
        return name

    def find(self, name: str) -> bytes | None:
        """What is in the file, if it is here and as it was."""
        path = self._folder / name
        if not _NAME.fullmatch(name) or not path.is_file():
            return None
        content = path.read_bytes()
        return content if sha256(content).hexdigest() == name else None

    def remove(self, name: str) -> None:
        """Delete a file; one that is not here stays so."""
        if _NAME.fullmatch(name):
            (self._folder / name).unlink(missing_ok=True)

    def older_than(self, moment_s: float) -> Iterator[str]:
        """The names of files that were written before a moment, in seconds since 1970 UTC."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if _NAME.fullmatch(path.name) and path.stat().st_mtime < moment_s:
                    yield path.name
