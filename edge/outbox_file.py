"""The outbox's SQLite file: its tables and its transactions, and which of its errors mean that it is corrupt.

WAL with synchronous=FULL: a transaction that has returned survives a power cut. What is done with a corrupt file is
decided in `edge.quarantine`.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import TypeVar

MOST_MISSES = 2_000
"""Places in a row that may be unreadable or empty before the rest of a corrupt file is given up."""
LOCK_WAIT_S = 2.0
"""How long a patient may wait for the lamp while something else holds the file."""
PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
"""Errors of the disk, the permissions or another process: the file is not at fault, and they may pass."""

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
_NUMBERING = """
SELECT epoch, next_sequence, dropped FROM numbering
WHERE typeof(epoch) = 'integer' AND epoch > 0 AND typeof(next_sequence) = 'integer' AND next_sequence > 0
AND typeof(dropped) = 'integer'
AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.epoch = numbering.epoch AND sequence >= next_sequence)
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

    def has(self, epoch: int, sequence: int) -> bool:
        """Whether the row with this number is here."""
        query = "SELECT 1 FROM entry WHERE epoch = ? AND sequence = ?"
        return self._db.execute(query, (epoch, sequence)).fetchone() is not None

    def delete(self, epoch: int, ranges: Sequence[tuple[int, int]], last: int) -> list[int]:
        """Remove ranges of numbers of one epoch, none behind the position `last`; returns the positions removed."""
        chosen = "epoch = ? AND sequence BETWEEN ? AND ? AND position <= ?"
        query = f"DELETE FROM entry WHERE {chosen} RETURNING position, length(payload)"  # noqa: S608
        freed = [
            row
            for span in ranges
            for row in self._db.execute(query, (epoch, *span, last)).fetchall()
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

    def adopt(self, rows: Iterable[Row]) -> None:
        """Take over rows of another file in their places and under their own numbers; those that are here stay."""
        query = f"INSERT OR IGNORE INTO entry ({_ROW}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
        self._db.executemany(query, rows)
        self._read_counters()

    def _read_counters(self) -> None:
        numbering = self._db.execute(_NUMBERING).fetchone()
        if numbering is None:
            raise sqlite3.DatabaseError("the numbering is gone, or behind what it has numbered")
        self.epoch, self.next_sequence, self.dropped = numbering
        totals = self._db.execute("SELECT count(*), coalesce(sum(length(payload)), 0) FROM entry")
        self.rows, self.bytes = map(int, totals.fetchone())


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault, so that trying again will not help."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code is None or code & 0xFF not in PASSING


def readable_rows(path: Path) -> Iterator[Row]:
    """What can still be read of a corrupt file: from either end until it breaks, then place by place between."""
    with closing(sqlite3.connect(path)) as db:
        reached: list[int | None] = []
        for order in ("ASC", "DESC"):
            last = None
            try:
                for row in db.execute(f"SELECT {_ROW} FROM entry ORDER BY position {order}"):  # noqa: S608
                    last = row[0]
                    yield row
                return
            except sqlite3.DatabaseError:
                reached.append(last)
        yield from _rows_between(db, *reached)


def _rows_between(db: sqlite3.Connection, front: int | None, back: int | None) -> Iterator[Row]:
    query = f"SELECT {_ROW} FROM entry WHERE position = ?"  # noqa: S608
    misses = 0
    for position in count((front or 0) + 1):
        if position == back or misses == MOST_MISSES:
            return
        misses += 1
        with suppress(sqlite3.DatabaseError):
            for row in db.execute(query, (position,)):
                misses = 0
                yield row
