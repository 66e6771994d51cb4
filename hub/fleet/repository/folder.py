"""Where the files of the repository lie, and how they come there whole or not at all.

`metadata/` and `targets/` are what clients fetch, under names with version or hash; `incoming/` holds what is being
uploaded, and `staged/` the metadata that waits for a snapshot. Which files count is said by `timestamp.json` alone,
which is replaced last.
"""

import hashlib
import os
import re
import secrets
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from hub.core.errors import BadInput
from hub.core.private_files import PRIVATE_FILE, locked, make_folder, replace_file, sync_folder
from hub.core.texts import gettext as _

TIMESTAMP_FILE = "timestamp.json"
_METADATA = re.compile(r"(timestamp|[1-9][0-9]{0,8}\.[a-z][a-z0-9_-]{0,31})\.json")
_TARGET = re.compile(
    r"[a-z][a-z0-9_-]{0,31}(/[a-z][a-z0-9_-]{0,31})?/(?P<sha256>[0-9a-f]{64})\.[A-Za-z0-9][A-Za-z0-9._+!-]{0,200}"
)


class RepositoryFolder:
    """Files by the names that clients ask for; a name that is none finds nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def changing(self) -> AbstractContextManager[None]:
        """Whoever else wants to publish or to sign, in any process, waits."""
        make_folder(self._path)
        return locked(self._path / "publishing")

    def metadata(self, name: str) -> Path | None:
        """The file of this name, if there is one."""
        path = self._path / "metadata" / name
        return path if _METADATA.fullmatch(name) and path.is_file() else None

    def read(self, name: str) -> bytes | None:
        """What is in it."""
        path = self.metadata(name)
        return None if path is None else path.read_bytes()

    def stage(self, name: str, content: bytes) -> None:
        """Keep a file of metadata until the next snapshot."""
        path = self._path / "staged" / name
        make_folder(path.parent)
        replace_file(path, content)

    def staged(self) -> dict[str, bytes]:
        """What waits, by name."""
        place = self._path / "staged"
        found = place.iterdir() if place.is_dir() else ()
        return {p.name: p.read_bytes() for p in sorted(found) if _METADATA.fullmatch(p.name)}

    def unstage(self, name: str) -> None:
        """It waits no more."""
        if _METADATA.fullmatch(name):
            (self._path / "staged" / name).unlink(missing_ok=True)

    def write(self, name: str, content: bytes) -> None:
        """In the place of what is there."""
        path = self._path / "metadata" / name
        make_folder(path.parent)
        replace_file(path, content)

    def target(self, served: str) -> Path | None:
        """The file that is served by this name, `folder/SHA-256.name`, if there is one."""
        path = self._path / "targets" / served
        return path if _TARGET.fullmatch(served) and path.is_file() else None

    def receive(self, served: str) -> "IncomingTarget":
        """Somewhere to write a target to; BadInput for what is no name of one."""
        found = _TARGET.fullmatch(served)
        if found is None:
            raise BadInput(served, _("This is not the name of a target: folder/SHA-256.name."))
        incoming = self._path / "incoming"
        make_folder(incoming)
        part = incoming / secrets.token_hex(16)
        return IncomingTarget(part, self._path / "targets" / served, found["sha256"])

    def forget_unfinished(self, before_s: float) -> None:
        """Delete what was being uploaded when a hub died, if it came before a moment (seconds since 1970)."""
        incoming = self._path / "incoming"
        for part in incoming.iterdir() if incoming.is_dir() else ():
            if part.stat().st_mtime < before_s:
                part.unlink(missing_ok=True)


class IncomingTarget:
    """A file that is being uploaded. Until `keep` nobody sees it; `drop` forgets it, at any time."""

    def __init__(self, part: Path, final: Path, sha256: str) -> None:
        self._part, self._final, self._sha256 = part, final, sha256
        self._hashed = hashlib.sha256()
        self._file: BinaryIO = os.fdopen(
            os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE), "wb"
        )

    def write(self, chunk: bytes) -> None:
        """The next bytes."""
        self._hashed.update(chunk)
        self._file.write(chunk)

    def keep(self) -> None:
        """Durable under its name; BadInput when it is not what its name says."""
        if self._hashed.hexdigest() != self._sha256:
            raise BadInput(
                self._final.name,
                _("The file is not the one that its name promises: its SHA-256 is another."),
            )
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        make_folder(self._final.parent)
        self._part.replace(self._final)
        sync_folder(self._final.parent)

    def drop(self) -> None:
        """Whatever came so far."""
        self._file.close()
        self._part.unlink(missing_ok=True)
