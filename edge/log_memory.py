"""The latest lines of the log, as they may leave the terminal: redacted before they are remembered.

In memory at first; once the terminal's folder is known, in a file as well, so that the end of a run that died can be
read in the next. The file is given to the operating system line by line and to the disk when that sees fit: a program
that dies loses nothing, a power cut some seconds, and the card is spared. A log that cannot be kept is not kept.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

Redact = Callable[[Mapping[str, Any]], dict[str, Any]]

MOST_LINES = 2000
LARGEST_BYTES = 512 * 1024
"""Of one run's file; where it would be larger, its older half goes."""
PRESENT, BEFORE = "log.jsonl", "log-before.jsonl"


class LogMemory:
    """A processor of structlog's that passes every line on as it is."""

    def __init__(
        self, redact: Redact, most: int = MOST_LINES, largest_bytes: int = LARGEST_BYTES
    ) -> None:
        self._redact = redact
        self._lines: deque[dict[str, Any]] = deque(maxlen=most)
        self._largest_bytes = largest_bytes
        self._folder: Path | None = None
        self._lock = threading.Lock()

    def __call__(
        self, _logger: Any, _method: str, line: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        kept = self._redact(line)
        with self._lock:
            self._lines.append(kept)
            self._write([kept])
        return line

    def lines(self) -> list[dict[str, Any]]:
        """Of this run, the oldest first."""
        with self._lock:
            return list(self._lines)

    def lines_before(self) -> list[dict[str, Any]]:
        """The last ones of the run before this one; redacted anew, for files may have been changed."""
        if self._folder is None:
            return []
        try:
            written = (self._folder / BEFORE).read_bytes().splitlines()
        except OSError:
            return []
        return [self._redact(line) for line in map(_parsed, written) if line is not None]

    def keep_in(self, folder: Path) -> None:
        """Keep this run's lines there from now on, and what is there as those of the run before."""
        with self._lock:
            try:
                (folder / PRESENT).replace(folder / BEFORE)
            except FileNotFoundError:
                pass  # the first run
            except OSError:
                return
            self._folder = folder
            self._write(list(self._lines))

    def _write(self, lines: list[dict[str, Any]]) -> None:
        if self._folder is None:
            return
        file = self._folder / PRESENT
        try:
            with file.open("ab") as present:
                present.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
                size = present.tell()
            if size > self._largest_bytes:
                younger = file.read_bytes()[-self._largest_bytes // 2 :]
                file.write_bytes(younger.partition(b"\n")[2])
        except OSError:
            self._folder = None  # saying so would be another line


def _parsed(written: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(written)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None
