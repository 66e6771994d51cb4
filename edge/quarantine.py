"""Opening the outbox's file, whatever has become of it.

A corrupt file is put aside, whatever is still readable in it is carried over under its old numbers, and a new epoch
begins; the hub's ledger shows what is missing of the old one. What is in these files is what patients said: only the
agent's own user may read them.
"""

import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from edge.outbox_file import OutboxFile, Row, is_corrupt, readable_rows

KEPT_CORRUPT_FILES = 3
WAL_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")

Opened = Literal["kept", "new", "quarantined"]
COMPANIONS = ("", "-wal", "-shm")


def open_file(
    path: Path,
    new_epoch: Callable[[], int],
    is_whole: Callable[[Row], bool],
    *,
    suspect: bool = False,
) -> tuple[OutboxFile, Opened]:
    """Open the file, or begin a new one when it is corrupt (or `suspect`: was found so in use).

    Rows that are not whole are left behind. sqlite3.Error or OSError: it cannot be opened now, for a reason that may
    pass. A crash on the way is made good at the next call: the old file is called damaged until its rows are safe.
    """
    _make_private_folder(path.parent)
    damaged = path.with_name(f"{path.name}.damaged")
    existed = path.exists() and (not path.is_file() or path.stat().st_size > 0)
    file = None if suspect or not existed else _open_sound(path, new_epoch)
    if file is None:
        if existed:
            # With a damaged one left, what is in its place has never been used.
            _remove(path) if damaged.exists() else _move(path, damaged)
        path.touch(mode=0o600)
        path.chmod(0o600)
        file = OutboxFile(path, new_epoch)
    if not damaged.exists():
        return file, "kept" if existed else "new"
    try:
        if damaged.is_file():
            rows = filter(is_whole, readable_rows(damaged))
            file.transaction(lambda opened: opened.adopt(rows))
        _keep_for_inspection(damaged, path.name)
    except (sqlite3.Error, OSError):
        file.close()
        raise
    return file, "quarantined"


def _make_private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if (
        found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX
    ):  # not a shared one like /tmp
        folder.chmod(stat.S_IMODE(found.st_mode) & 0o700)


def _open_sound(path: Path, new_epoch: Callable[[], int]) -> OutboxFile | None:
    """The file, or None when it is corrupt."""
    if not path.is_file() or _has_foreign_wal(path):
        return None
    path.chmod(0o600)
    try:
        return OutboxFile(path, new_epoch)
    except sqlite3.Error as error:
        if is_corrupt(error):
            return None
        raise


def _has_foreign_wal(path: Path) -> bool:
    """SQLite passes over a log that it cannot read, and would give its numbers a second time."""
    try:
        with Path(f"{path}-wal").open("rb") as log:
            magic = log.read(4)
    except FileNotFoundError:
        return False
    return magic != b"" and magic not in WAL_MAGIC


def _keep_for_inspection(damaged: Path, name: str) -> None:
    """Only the newest few corrupt files are kept."""
    numbered = re.compile(re.escape(name) + r"\.corrupt-(\d+)")
    found = (numbered.fullmatch(path.name) for path in damaged.parent.iterdir())
    old = sorted(int(match[1]) for match in found if match)
    _move(damaged, damaged.with_name(f"{name}.corrupt-{old[-1] + 1 if old else 1}"))
    for surplus in old[: max(0, len(old) + 1 - KEPT_CORRUPT_FILES)]:
        _remove(damaged.with_name(f"{name}.corrupt-{surplus}"))


def _move(path: Path, to: Path) -> None:
    for suffix in COMPANIONS:
        if Path(f"{path}{suffix}").exists():
            Path(f"{path}{suffix}").rename(f"{to}{suffix}")


def _remove(path: Path) -> None:
    for suffix in COMPANIONS:
        companion = Path(f"{path}{suffix}")
        if companion.is_dir():
            shutil.rmtree(companion)
        else:
            companion.unlink(missing_ok=True)
