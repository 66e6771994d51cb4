"""The outbox's SQLite file: its tables, its transactions, and what is done with one that is corrupt.

WAL with synchronous=FULL: a transaction that has returned survives a power cut. A corrupt file is renamed, whatever is
still readable in it is carried over under its old numbers, and a new epoch begins; the hub's ledger shows what is
missing of the old one.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeVar

LOCK_WAIT_S = 2.0
"""How long a patient may wait for the lamp while something else holds the file."""
KEPT_CORRUPT_FILES = 3

Opened = Literal["kept", "new", "quarantined"]
Row = tuple[int, int, int, str, bytes]
"""position, epoch, sequence, type, payload."""
R = TypeVar("R")

_ROW = "position, epoch, sequence, type, payload"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    type TEXT NOT NULL,
    payload BLOB NOT NULL,
    UNIQUE (epoch, sequence)
);
CREATE TABLE IF NOT EXISTS numbering (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL,
    next_sequence INTEGER NOT NULL,
    dropped INTEGER NOT NULL
);
"""


class OutboxFile:
    """One open file. Not thread-safe: the outbox holds a lock around it."""

    def __init__(self, path: Path, new_epoch: Callable[[], int]) -> None:
        self.epoch = self.next_sequence = self.dropped = self.rows = self.bytes = 0
        self._db = sqlite3.connect(
            path, timeout=LOCK_WAIT_S, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(new_epoch)
        except sqlite3.Error:
            self._db.close()
            raise

    def _prepare(self, new_epoch: Callable[[], int]) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA journal_size_limit=4194304")
        self._db.executescript(_SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO numbering VALUES (1, ?, 1, 0)", (new_epoch(),))
        (verdict,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        self._read_counters()

    def close(self) -> None:
        self._db.close()

    def transaction(self, action: Callable[["OutboxFile"], R]) -> R:
        """Run `action`; when this returns, what it did is on disk. On any error nothing has happened."""
        before = (self.next_sequence, self.dropped, self.rows, self.bytes)
        try:
            self._db.execute("BEGIN IMMEDIATE")
            result = action(self)
            self._db.execute("COMMIT")
        except BaseException:
            self.next_sequence, self.dropped, self.rows, self.bytes = before
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return result

    def insert(self, kind: str, payload: bytes) -> int:
        """Append under the next number; returns the position."""
        columns = "INSERT INTO entry (epoch, sequence, type, payload) VALUES (?, ?, ?, ?)"
        cursor = self._db.execute(columns, (self.epoch, self.next_sequence, kind, payload))
        self.next_sequence += 1
        self.rows += 1
        self.bytes += len(payload)
        self._db.execute("UPDATE numbering SET next_sequence = ?", (self.next_sequence,))
        return int(cursor.lastrowid or 0)

    def entries(self, after: int, limit: int) -> list[Row]:
        """The oldest rows behind a position."""
        query = f"SELECT {_ROW} FROM entry WHERE position > ? ORDER BY position LIMIT ?"  # noqa: S608
        return self._db.execute(query, (after, limit)).fetchall()

    def delete(self, epoch: int, ranges: Sequence[tuple[int, int]]) -> list[int]:
        """Remove ranges of numbers of one epoch; returns the positions that were removed."""
        query = "DELETE FROM entry WHERE epoch = ? AND sequence BETWEEN ? AND ? RETURNING position, length(payload)"
        freed = [
            row for span in ranges for row in self._db.execute(query, (epoch, *span)).fetchall()
        ]
        self.rows -= len(freed)
        self.bytes -= sum(size for _, size in freed)
        return [position for position, _ in freed]

    def drop_oldest(self, kinds: frozenset[str], limit: int) -> list[tuple[int, int, str]]:
        """Give up the oldest rows of these types; returns (epoch, sequence, type) of each."""
        marks = ",".join("?" * len(kinds))
        chosen = f"SELECT position FROM entry WHERE type IN ({marks}) ORDER BY position LIMIT ?"  # noqa: S608
        returned = "RETURNING epoch, sequence, type, length(payload)"
        query = f"DELETE FROM entry WHERE position IN ({chosen}) {returned}"  # noqa: S608
        gone = self._db.execute(query, (*sorted(kinds), limit)).fetchall()
        self.rows -= len(gone)
        self.bytes -= sum(size for *_, size in gone)
        self.count_dropped(len(gone))
        return [(epoch, sequence, kind) for epoch, sequence, kind, _ in gone]

    def count_dropped(self, more: int) -> None:
        """Remember that this many messages were given up."""
        self.dropped += more
        self._db.execute("UPDATE numbering SET dropped = ?", (self.dropped,))

    def oldest_position(self) -> int | None:
        found: int | None = self._db.execute("SELECT min(position) FROM entry").fetchone()[0]
        return found

    def adopt(self, rows: Iterator[Row]) -> int:
        """Take over rows of another file under their own numbers; returns how many."""
        query = "INSERT OR IGNORE INTO entry (epoch, sequence, type, payload) VALUES (?, ?, ?, ?)"
        count = 0
        for _, epoch, sequence, kind, payload in rows:
            if isinstance(kind, str) and isinstance(payload, bytes):
                self._db.execute(query, (epoch, sequence, kind, payload))
                count += 1
        self._read_counters()
        return count

    def _read_counters(self) -> None:
        numbering = self._db.execute(
            "SELECT epoch, next_sequence, dropped FROM numbering"
        ).fetchone()
        if numbering is None:
            raise sqlite3.DatabaseError("the numbering is gone")
        self.epoch, self.next_sequence, self.dropped = map(int, numbering)
        totals = self._db.execute("SELECT count(*), coalesce(sum(length(payload)), 0) FROM entry")
        self.rows, self.bytes = map(int, totals.fetchone())


def open_file(
    path: Path, new_epoch: Callable[[], int], *, suspect: bool = False
) -> tuple[OutboxFile, Opened]:
    """Open the file, or put it aside and begin a new one when it is corrupt (or `suspect`: was found so in use)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    if not suspect:
        try:
            return OutboxFile(path, new_epoch), "new" if fresh else "kept"
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            pass
    aside = _put_aside(path)
    file = OutboxFile(path, new_epoch)
    file.transaction(lambda opened: opened.adopt(_readable_rows(aside)))
    return file, "quarantined"


def _put_aside(path: Path) -> Path:
    """Rename the file and its companions; only the newest few such files are kept."""
    old = sorted(path.parent.glob(f"{path.name}.corrupt-[0-9]*[0-9]"), key=_number)
    aside = path.with_name(f"{path.name}.corrupt-{_number(old[-1]) + 1 if old else 1}")
    for suffix in ("", "-wal", "-shm"):
        companion = Path(f"{path}{suffix}")
        if companion.exists():
            companion.rename(f"{aside}{suffix}")
    for surplus in old[: max(0, len(old) + 1 - KEPT_CORRUPT_FILES)]:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{surplus}{suffix}").unlink(missing_ok=True)
    return aside


def _number(path: Path) -> int:
    return int(path.name.rsplit("-", 1)[-1])


def _readable_rows(path: Path) -> Iterator[Row]:
    """What can still be read, from the front until it breaks and then from the back."""
    for order in ("ASC", "DESC"):
        try:
            with sqlite3.connect(path) as db:
                query = f"SELECT {_ROW} FROM entry ORDER BY position {order}"  # noqa: S608
                yield from db.execute(query)
            return
        except sqlite3.DatabaseError:
            continue
