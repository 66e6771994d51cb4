"""Ways to leave a process no room: a limit on its files, which anybody may set; a small disk, which root may mount."""

import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.system.processes import Process


class FileLimit:
    """No file of the process may grow beyond what this one has now (RLIMIT_FSIZE); logs are smaller."""

    def __init__(self, process: Process, growing: Path) -> None:
        self._process = process
        self._growing = growing

    def fill(self) -> None:
        unlimited = resource.RLIM_INFINITY
        size = self._growing.stat().st_size
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, unlimited))

    def make_room(self) -> None:
        unlimited = resource.RLIM_INFINITY
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))


class SmallDisk:
    """A tmpfs on a folder."""

    def __init__(self, folder: Path) -> None:
        self._filler = folder / "filler"

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as file:
            for block in (65_536, 4_096, 1):
                try:
                    while True:
                        file.write(b"x" * block)
                except OSError:
                    continue

    def make_room(self) -> None:
        self._filler.unlink()

    def is_full(self) -> bool:
        return self._filler.exists()


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[SmallDisk]:
    """A disk of its own for a folder, as long as the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def may_mount() -> bool:
    """Whether a test may mount here: root may, unless in a container that forbids it."""
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            return False
        subprocess.run(["umount", folder], check=True)
    return True
