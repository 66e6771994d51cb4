"""One signed file onto the disk, in pieces that survive: what has come stays, and only what is missing is asked for.

Decides what may be appended: bytes that begin where the file ends, by the source's own word. Whatever came, in whatever
pieces and from whomever, is read back and held against the signed digest before it counts; a file that fails begins
anew. A broken connection wastes at most a piece of `PIECE_BYTES`.
"""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

from edge.durable import sync_folder
from edge.fleet.hub_client import Unreachable
from edge.fleet.updates.sources import Answer, NotThere, SignedFile, Source

OK, PARTIAL, NOT_FOUND, UNSATISFIABLE = 200, 206, 404, 416
SYNC_BYTES = 1024 * 1024
"""What a power cut may turn into zeros."""
_SPAN = re.compile(r"bytes (?P<first>\d+)-(?P<last>\d+)/(?P<total>\d+)")

Pace = Callable[[int], None]
"""Told of every piece; takes its time where there is a cap. May raise to end the download."""


class Corrupt(Exception):
    """What the source has under this name is not the signed file."""


def download(file: SignedFile, path: Path, source: Source, pace: Pace) -> None:
    """Fetch a file to `path`, beginning where an earlier attempt ended.

    Unreachable, NotThere or OSError: not now, and what has come stays. Corrupt: it was whole and wrong, and is gone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    if _size(part) > file.length:
        part.unlink()
    resumed = _size(part) > 0
    if _size(part) < file.length:
        _append(file, part, source, pace)
    if resumed and not is_whole(file, part):  # what was there before may be zeros after a power cut
        part.unlink()
        _append(file, part, source, pace)
    if not is_whole(file, part):
        part.unlink()
        raise Corrupt(f"{file.target} from {source.name} is not the signed file")
    part.replace(path)
    sync_folder(path.parent)


def is_whole(file: SignedFile, path: Path) -> bool:
    """Whether this is the signed file, read from the disk."""
    if _size(path) != file.length:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _append(file: SignedFile, part: Path, source: Source, pace: Pace) -> None:
    """Once, and from the beginning if the source will not go on where the part ends."""
    start = _size(part)
    with source.open(file, start) as answer:
        if answer.status == PARTIAL and _begins_at(answer, start, file.length):
            _write(file, part, "ab", answer, pace)
            return
        if answer.status == OK:
            _write(file, part, "wb", answer, pace)
            return
    if answer.status == NOT_FOUND:
        raise NotThere(file.target)
    if start == 0 or answer.status not in (PARTIAL, UNSATISFIABLE):
        raise Unreachable(f"HTTP {answer.status}")
    part.unlink()  # the source knows another file, or has lost count: the whole of it is asked for
    _append(file, part, source, pace)


def _begins_at(answer: Answer, start: int, length: int) -> bool:
    span = _SPAN.fullmatch(answer.span or "")
    return span is not None and (int(span["first"]), int(span["total"])) == (start, length)


def _write(file: SignedFile, part: Path, mode: str, answer: Answer, pace: Pace) -> None:
    with part.open(mode) as out:
        size, synced = out.tell(), out.tell()
        for piece in answer.pieces:
            size += len(piece)
            if size > file.length:
                raise Corrupt(f"{file.target}: more bytes than were signed")
            out.write(piece)
            out.flush()
            if size - synced >= SYNC_BYTES:
                os.fsync(out.fileno())
                synced = size
            pace(len(piece))
        os.fsync(out.fileno())
    if size < file.length:
        raise Unreachable("it ended early")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
