"""What has been written is on the disk: files whole or not at all, and everything of a file system.

The launcher does the same by itself, because it stands outside of what is updated.
"""

import ctypes
import os
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)


def write_durably(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """All of a file or nothing of it, on disk when this returns; its folder is made where it is missing.

    `mode` is who may read it, from its first byte on; without one the process's own habit.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unready = path.with_name(f"{path.name}.new")
    unready.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(unready, flags, 0o666 if mode is None else mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unready.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """What was renamed or removed there stays so."""
    _sync(folder)


def sync_files(folder: Path) -> None:
    """What others wrote there, without durability of their own."""
    for path in (*folder.rglob("*"), folder):
        if not path.is_symlink():
            _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_disk(folder: Path) -> None:
    """Everything that was written to the folder's file system: syncfs(2)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if _libc.syncfs(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(descriptor)
