"""gammu-smsd's SQLite database: what it is to send, what became of it, and what it has received.

Decides how a message of ours is found again there: gammu-smsd keeps its `CreatorID`, from the outbox to the sent items.
What is finished is deleted, so that no telephone stays on the terminal longer than it is needed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contract.sms import SmsToSend

BUSY_S = 5.0
DELIVERY_AWAITED = "-3 days"
"""After so long no delivery report is waited for."""

_FAILED = {"SendingError", "DeliveryFailed", "Error"}
_FINAL = {*_FAILED, "DeliveryOK", "SendingOKNoReport"}


@dataclass(frozen=True, slots=True)
class Received:
    """A message, or a part of one, in the inbox."""

    row: int
    received: str
    sender: str
    text: str
    header: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a message of ours got: `sent`, `delivered` or `failed`, and gammu's own word for it."""

    id: str
    state: str
    word: str


class Smsd:
    """One database. sqlite3.Error when it cannot be used now."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def knows(self, message: str) -> bool:
        """Whether a message of ours is there, sent or not."""
        with self._opened() as database:
            places = ("outbox", "sentitems")
            return any(
                database.execute(f"SELECT 1 FROM {place} WHERE CreatorID = ?", [message]).fetchone()  # noqa: S608
                for place in places
            )

    def send(self, message: SmsToSend) -> None:
        """Have it sent, all parts or none."""
        coding = "Unicode_No_Compression" if message.wide else "Default_No_Compression"
        first, *rest = message.parts
        with self._opened() as database:
            cursor = database.execute(
                "INSERT INTO outbox (DestinationNumber, TextDecoded, Coding, UDH, MultiPart,"
                " CreatorID, DeliveryReport) VALUES (?, ?, ?, ?, ?, ?, 'yes')",
                [
                    message.recipient,
                    first.text,
                    coding,
                    first.header,
                    "true" if rest else "false",
                    message.id,
                ],
            )
            database.executemany(
                "INSERT INTO outbox_multipart (ID, SequencePosition, TextDecoded, Coding, UDH)"
                " VALUES (?, ?, ?, ?, ?)",
                [
                    (cursor.lastrowid, number, part.text, coding, part.header)
                    for number, part in enumerate(rest, 2)
                ],
            )

    def outcomes(self) -> list[Outcome]:
        """Of every message of ours of which all parts have left the outbox: as far as its least fortunate part."""
        with self._opened() as database:
            rows = database.execute(
                "SELECT CreatorID, Status FROM sentitems WHERE CreatorID != ''"
                " AND CreatorID NOT IN (SELECT CreatorID FROM outbox) ORDER BY ID"
            ).fetchall()
        words: dict[str, list[str]] = {}
        for message, word in rows:
            words.setdefault(message, []).append(word)
        return [_outcome(message, told) for message, told in words.items()]

    def forget(self, finished: list[str]) -> None:
        """Delete these messages, and those whose delivery is no longer waited for."""
        with self._opened() as database:
            gone = "DELETE FROM sentitems WHERE CreatorID = ?"
            database.executemany(gone, [(message,) for message in finished])
            database.execute(
                "DELETE FROM sentitems WHERE SendingDateTime < datetime('now', ?)",
                [DELIVERY_AWAITED],
            )

    def received(self) -> list[Received]:
        """What waits in the inbox, in order."""
        with self._opened() as database:
            rows = database.execute(
                "SELECT ID, ReceivingDateTime, SenderNumber, TextDecoded, UDH FROM inbox ORDER BY ID"
            ).fetchall()
        return [
            Received(row, received, sender, text, bytes.fromhex(header or ""))
            for row, received, sender, text, header in rows
        ]

    def taken(self, rows: list[int]) -> None:
        """These are stored elsewhere: delete them."""
        with self._opened() as database:
            database.executemany("DELETE FROM inbox WHERE ID = ?", [(row,) for row in rows])

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(f"file:{self._path}?mode=rw", uri=True, timeout=BUSY_S)
        try:
            database.execute("PRAGMA secure_delete = ON")
            with database:
                yield database
        finally:
            database.close()


def is_final(outcome: Outcome) -> bool:
    """Whether nothing more will be heard of it."""
    return outcome.word in _FINAL


def _outcome(message: str, words: list[str]) -> Outcome:
    for failed in words:
        if failed in _FAILED:
            return Outcome(message, "failed", failed)
    if set(words) == {"DeliveryOK"}:
        return Outcome(message, "delivered", "DeliveryOK")
    pending = next((word for word in words if word not in _FINAL), words[0])
    return Outcome(message, "sent", pending)
