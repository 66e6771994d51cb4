"""Releases on the disk, each with a Python environment of its own: `releases/<version>-<hash>/venv`.

Decides when one is whole: built off line from wheels whose hashes the lock names, pushed to the disk, read back file by
file against the wheels' own lists, and only then given its name. Slots share no files: one bad block harms one of them.
"""

import base64
import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog
import uv

from edge.durable import sync_disk, sync_folder, write_durably
from edge.fleet.launcher import READY, RELEASES

MANIFEST, LOCK = "manifest.json", "release.lock"
log = structlog.get_logger()

BUILDING = ".building"
INSTALL_S = 1800
"""A slow card takes minutes."""


class NotInstalled(Exception):
    """The release does not make an environment here; the text says why. Nothing of it is left."""


class Slots:
    """The folder of releases."""

    def __init__(self, folder: Path, python: Path | None = None) -> None:
        self._folder = folder / RELEASES
        self._python = python or Path(sys.executable).resolve()

    def is_whole(self, slot: str) -> bool:
        """Whether it is installed."""
        return (self._folder / slot / READY).is_file()

    def install(self, slot: str, lock: Path, wheels: Sequence[Path]) -> None:
        """Build a slot of these files, unless it is there as it was built.

        NotInstalled, or OSError: the disk does not take it.
        """
        if self.is_whole(slot) and self._is_as_built(slot):
            return
        self._clear(slot)
        # A name of its own: the installer of an attempt that was cut off may still be writing into another.
        building = Path(tempfile.mkdtemp(prefix=f"{BUILDING}-", dir=self._folder))
        try:
            self._build(building, lock, wheels)
            _check(building / "venv", wheels)
            shutil.copyfile(lock, building / LOCK)
            manifest = json.dumps(_digests(building / "venv")).encode()
            write_durably(building / MANIFEST, manifest)
            sync_disk(building)
            _compare(building, manifest)
            write_durably(building / READY, hashlib.sha256(manifest).hexdigest().encode())
            building.replace(self._folder / slot)
            sync_folder(self._folder)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise

    def forget_all_but(self, slots: Sequence[str]) -> None:
        """Remove the others, and what was left half built."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name not in slots:
                (path / READY).unlink(missing_ok=True)  # first: nothing half removed looks whole
                shutil.rmtree(path, ignore_errors=True)

    def digests(self, slot: str) -> set[str]:
        """Of the wheels that it is made of, by its lock."""
        lock = self._folder / slot / LOCK
        words = lock.read_text("utf-8", "replace").split() if lock.exists() else []
        return {word.removeprefix("--hash=sha256:") for word in words if word.startswith("--hash=")}

    def _is_as_built(self, slot: str) -> bool:
        """It may have lain there for months, on a card that wears."""
        folder = self._folder / slot
        try:
            manifest = (folder / MANIFEST).read_bytes()
            _compare(folder, manifest)
        except (NotInstalled, OSError, ValueError) as error:
            log.error("release_damaged", release=slot, reason=str(error))
            return False
        return hashlib.sha256(manifest).hexdigest() == (folder / READY).read_text("utf-8")

    def _clear(self, slot: str) -> None:
        """Away with what an attempt that was cut off has left, and with a slot that is not whole."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / slot / READY).unlink(
            missing_ok=True
        )  # first: nothing half removed looks whole
        for path in (*self._folder.glob(f"{BUILDING}-*"), self._folder / slot):
            if path.exists():
                shutil.rmtree(path)

    def _build(self, building: Path, lock: Path, wheels: Sequence[Path]) -> None:
        venv = building / "venv"
        offline = ("--offline", "--no-config", "--no-cache", "--quiet")
        self._run(
            building, "venv", *offline, "--relocatable", "--python", str(self._python), str(venv)
        )
        folders = sorted({str(wheel.parent) for wheel in wheels})
        self._run(
            building,
            *("pip", "install", *offline, "--python", str(venv / "bin" / "python")),
            *("--no-index", *(option for folder in folders for option in ("--find-links", folder))),
            *("--require-hashes", "--only-binary", ":all:", "--link-mode", "copy"),
            *("--compile-bytecode", "--requirements", str(lock)),
        )

    def _run(self, building: Path, *arguments: str) -> None:
        """uv, with nothing of this process' environment; its temporary files are on the same disk."""
        environment = {"PATH": os.defpath, "HOME": str(building), "TMPDIR": str(building)}
        done = subprocess.run(
            [uv.find_uv_bin(), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=INSTALL_S,
        )
        if done.returncode != 0:
            if shutil.disk_usage(building).free < 1024 * 1024 or "os error 28" in done.stderr:
                raise OSError(28, "no room to install", str(building))
            raise NotInstalled(done.stderr.strip()[-500:])


def _check(venv: Path, wheels: Sequence[Path]) -> None:
    """Every file of the wheels is there as the wheel lists it. (The lists were verified with the wheels.)"""
    libraries = [
        path for path in venv.glob("lib*/python*/site-packages") if not path.parent.is_symlink()
    ]
    for wheel in wheels:
        for name, digest in _listed(wheel):
            paths = [library / name for library in libraries]
            found = next((path for path in paths if path.is_file()), None)
            if found is None or _sha256(found) != digest:
                raise NotInstalled(f"{name} of {wheel.name} is not as it was packed")


def _listed(wheel: Path) -> Iterator[tuple[str, str]]:
    """Names and digests by the wheel's RECORD, but for what an installer puts elsewhere or writes anew."""
    with zipfile.ZipFile(wheel) as archive:
        record = next(n for n in archive.namelist() if n.endswith(".dist-info/RECORD"))
        rows = csv.reader(io.StringIO(archive.read(record).decode()))
        for name, digest, *_ in rows:
            if digest.startswith("sha256=") and ".data/" not in name:
                yield name, base64.urlsafe_b64decode(digest[7:] + "==").hex()


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _compare(building: Path, manifest: bytes) -> None:
    """From the disk, not from memory: what was written is dropped from the page cache before it is read."""
    for name, digest in json.loads(manifest).items():
        path = building / "venv" / name
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
        if _sha256(path) != digest:
            raise NotInstalled(f"{name} came back from the disk as something else")


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
