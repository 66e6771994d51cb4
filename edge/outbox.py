"""The durable queue: what a patient said is on disk before anybody says thank you.

Decides the numbering (an epoch is the life of one outbox file, within it the sequence has no gaps), what gives way
when it is full (telemetry and photographs, never an answer) and what happens to a file that cannot be read. Everything
stays until the hub, not the broker, has confirmed it.
"""

import contextlib
import secrets
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog

from contract.codec import DecodeError, decode, encode
from contract.messages import EXPENDABLE, Message, MessagesDropped, Range, Stamp
from contract.messages.answers import PERSONAL
from edge.outbox_file import OutboxFile, Row, is_corrupt
from edge.quarantine import Opened, open_file
from edge.sealing import Seal, Unsealable, read_seal

log = structlog.get_logger()

DROPPED_AT_ONCE = 200
"""Messages given up in one go: one message must be able to name every range."""

LAST_POSITION = 2**63 - 1

R = TypeVar("R")


class NotStored(Exception):
    """The disk is full, broken or locked, or the queue is full of answers: nobody may be thanked."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The number that a message was given; `position` is its place in the queue."""

    epoch: int
    sequence: int
    position: int


OnceStored = Callable[[Stored], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that has no number yet; `once_stored` is for whoever has it stored to call then."""

    kind: type[Message]
    time: Stamp
    fields: dict[str, Any]
    attachment: bytes = b""
    once_stored: OnceStored | None = None

    @property
    def is_expendable(self) -> bool:
        return str(self.kind.model_fields["type"].default) in EXPENDABLE


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in the queue."""

    position: int
    epoch: int
    sequence: int
    type: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """How large the queue may grow."""

    rows: int = 1_000_000
    bytes: int = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Depth:
    """How full the queue is."""

    rows: int
    bytes: int
    epoch: int
    highest: int
    dropped: int
    oldest_position: int | None


class Outbox:
    """One terminal's queue. Safe to use from several threads; one transaction at a time."""

    def __init__(
        self, path: Path, device: str, limits: Limits | None = None, seal: Seal | None = None
    ) -> None:
        self._path = path
        self._device = device
        self._seal = seal or read_seal(path.with_suffix(".key"))
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._file: OutboxFile | None = None
        self._closed = False
        self.opened: Opened = "kept"
        """How the file was found when it was last opened."""
        self.epoch = 0
        """Of the file in use, whose positions mean nothing in another; 0 until one has been opened."""
        with self._lock, contextlib.suppress(NotStored):
            self._open()

    def close(self) -> None:
        """Close the file; everything in it is durable already, and nothing more can be stored."""
        with self._lock:
            self._closed = True
            self._put_away()

    def append(self, drafts: Sequence[Draft]) -> list[Stored]:
        """Number and store messages, in one transaction that is durable at return.

        NotStored: none of them is. Only what is expendable may be missing from what is returned, if there was no room.
        """
        return self._durably(lambda file: self._append(file, drafts))

    def entries(self, after: int, limit: int) -> list[Entry]:
        """The oldest messages behind a position, as they are to be sent.

        One that was sealed under another key is passed over: it stays, and is seen as waiting.
        """
        found: list[Entry] = []
        while len(found) < limit:
            rows = self._rows(after, limit - len(found))
            if not rows:
                break
            after = rows[-1][0]
            found += [entry for row in rows if (entry := self._unsealed(row)) is not None]
        return found

    def confirm(
        self,
        epoch: int,
        up_to: int,
        also: Sequence[tuple[int, int]] = (),
        *,
        last: int = LAST_POSITION,
    ) -> list[int]:
        """Forget what the hub has stored, up to the position `last`; returns the positions that were freed."""
        return self._durably(lambda file: file.delete(epoch, [(1, up_to), *also], last))

    def holds(self, stored: Stored) -> bool:
        """Whether a message is still waiting for the hub's confirmation."""
        return self._durably(lambda file: file.has(stored.epoch, stored.sequence))

    def depth(self) -> Depth:
        """How full the queue is."""
        return self._durably(
            lambda file: Depth(
                rows=file.rows,
                bytes=file.bytes,
                epoch=file.epoch,
                highest=file.next_sequence - 1,
                dropped=file.dropped,
                oldest_position=file.oldest_position(),
            )
        )

    def _durably(self, action: Callable[[OutboxFile], R]) -> R:
        """Run an action in a transaction; a file found corrupt is put aside and the action tried on a new one."""
        with self._lock:
            try:
                return (self._file or self._open()).transaction(action)
            except sqlite3.Error as error:
                if not is_corrupt(error):
                    raise NotStored(str(error)) from error
                log.error("outbox_corrupt", reason=str(error))
            self._put_away()
            try:
                return self._open(suspect=True).transaction(action)
            except sqlite3.Error as error:
                raise NotStored(str(error)) from error

    def _open(self, *, suspect: bool = False) -> OutboxFile:
        """Open the file, or raise NotStored; it is tried again with every action."""
        if self._closed:
            raise NotStored("the outbox is closed")
        try:
            self._file, self.opened = open_file(
                self._path, _new_epoch, self._is_whole, suspect=suspect
            )
        except (sqlite3.Error, OSError) as error:
            log.error("outbox_not_opened", reason=str(error))
            raise NotStored(str(error)) from error
        self.epoch = self._file.epoch
        return self._file

    def _put_away(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None

    def _rows(self, after: int, limit: int) -> list[Row]:
        return self._durably(lambda file: file.entries(after, limit))

    def _unsealed(self, row: Row) -> Entry | None:
        position, epoch, sequence, kind, payload = row
        try:
            return Entry(position, epoch, sequence, kind, self._seal.open(payload))
        except Unsealable:
            log.error("message_cannot_be_unsealed", epoch=epoch, sequence=sequence)
            return None

    def _is_whole(self, row: Row) -> bool:
        """Whether the hub could read this row; one that it cannot would stay, and be sent, for ever."""
        _, epoch, sequence, kind, payload = row
        try:
            message = decode(kind, self._seal.open(payload)).message
        except (DecodeError, TypeError, Unsealable):
            return False
        return (message.device, message.epoch, message.sequence) == (self._device, epoch, sequence)

    def _append(self, file: OutboxFile, drafts: Sequence[Draft]) -> list[Stored]:
        if not drafts:
            return []
        kept = self._make_room(file, drafts)
        return [self._add(file, draft) for draft in kept]

    def _add(self, file: OutboxFile, draft: Draft) -> Stored:
        message = self._build(draft, file.epoch, file.next_sequence)
        payload = encode(message, draft.attachment)
        if message.type in PERSONAL:
            payload = self._seal.close(payload)
        sequence = message.sequence
        return Stored(file.epoch, sequence, file.insert(message.type, payload))

    def _build(self, draft: Draft, epoch: int, sequence: int) -> Message:
        return draft.kind(
            device=self._device, epoch=epoch, sequence=sequence, time=draft.time, **draft.fields
        )

    def _make_room(self, file: OutboxFile, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """The drafts that may be stored, once what is expendable has given way to them."""
        while self._is_full(file, len(drafts)):
            dropped = file.drop_oldest(EXPENDABLE, DROPPED_AT_ONCE)
            if not dropped:
                kept = [draft for draft in drafts if not draft.is_expendable]
                if kept and self._is_full(file, len(kept)):
                    raise NotStored("the queue is full of answers")
                file.count_dropped(len(drafts) - len(kept))
                return kept
            self._report_dropped(file, dropped, drafts[0].time)
        return drafts

    def _is_full(self, file: OutboxFile, more: int) -> bool:
        return file.rows + more > self._limits.rows or file.bytes > self._limits.bytes

    def _report_dropped(
        self, file: OutboxFile, dropped: list[tuple[int, int, str]], time: Stamp
    ) -> None:
        """Say which numbers will never come; that message is not expendable, so it stays."""
        for epoch in {epoch for epoch, _, _ in dropped}:
            mine = [(sequence, kind) for e, sequence, kind in dropped if e == epoch]
            ranges = [Range(first=sequence, last=sequence) for sequence, _ in mine]
            counts = dict(Counter(kind for _, kind in mine))
            self._add(
                file,
                Draft(
                    MessagesDropped,
                    time,
                    {"dropped_epoch": epoch, "ranges": ranges, "counts": counts},
                ),
            )


def _new_epoch() -> int:
    """Random, because the number before may be unreadable; 48 bits, so that two never meet and JSON can hold it."""
    return secrets.randbits(48) or 1
