"""Files and folders that nobody but the hub's own user may read, durable before they are relied upon."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


def make_folder(path: Path) -> None:
    """Make a folder and those above it, private; what is there already is left as its owner wants it."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def make_file(path: Path) -> None:
    """Make an empty private file, or make the one that is there private."""
    make_folder(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_FILE))
    if path.stat().st_mode & 0o077:
        path.chmod(PRIVATE_FILE)


def replace_file(path: Path, content: bytes) -> None:
    """Write a private file whole and durably in the place of the one that is there."""
    new = _written(path, content)
    new.replace(path)
    sync_folder(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Whoever else wants to change this file, in any process, waits."""
    with path.with_name(f".{path.name}.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_once(path: Path, content: bytes) -> None:
    """Write a private file whole and durably, unless it is there: of two that try, one wins and both can read it."""
    make_folder(path.parent)
    new = _written(path, content)
    with suppress(FileExistsError):
        os.link(new, path)
    new.unlink()
    sync_folder(path.parent)


def _written(path: Path, content: bytes) -> Path:
    """A private file beside the path, durable."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return new


def sync_folder(path: Path) -> None:
    """Have the names in a folder survive a power cut."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
