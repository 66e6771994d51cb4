"""The wheels of this terminal, by their digest: what is here is not fetched, and other terminals may have it.

`wheels/<sha256>/<file>`: each in a folder of its own, because an installer knows wheels by their file names.
"""

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from edge.fleet.updates.downloading import Pace, download, is_whole
from edge.fleet.updates.sources import SignedFile, Source


class WheelStore:
    """The folder of wheels."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file: SignedFile) -> Path:
        """Where a wheel is, or will be."""
        return self._folder / file.sha256 / file.target.rpartition("/")[2]

    def find(self, sha256: str) -> Path | None:
        """A whole wheel with this digest."""
        return next((self._folder / sha256).glob("*.whl"), None) if _is_digest(sha256) else None

    def missing(self, files: Iterable[SignedFile]) -> list[SignedFile]:
        """Those that are not here, or no longer what they were: they are read."""
        gone = []
        for file in files:
            path = self.path(file)
            if not is_whole(file, path):
                path.unlink(missing_ok=True)
                gone.append(file)
        return gone

    def fetch(self, file: SignedFile, source: Source, pace: Pace) -> None:
        """As `downloading.download`."""
        download(file, self.path(file), source, pace)

    def forget_all_but(self, digests: Collection[str]) -> None:
        """Remove wheels that no installed release is made of."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if folder.name not in digests:
                shutil.rmtree(folder, ignore_errors=True)


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")
