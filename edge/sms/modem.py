"""Between the hub and gammu-smsd: takes each of the hub's messages once; reports how far they got, and what came in.

What came in leaves gammu-smsd's database only when it is durable in the outbox. What the hub has been told is kept in a
file of its own, without telephones, so that a message that the hub says again is neither sent nor reported twice.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import structlog
from cryptography.fernet import Fernet, InvalidToken

from contract.codec import DecodeError, read_document
from contract.messages import Message, SmsArrived, SmsReported
from contract.sms import SmsCommand, SmsToSend, sealing_key
from edge.clock import Clock
from edge.outbox import Draft, NotStored, Stored
from edge.sms.smsd import Received, Smsd, is_final

log = structlog.get_logger()

LOOK_EVERY_S = 1.0
STORED_WITHIN_S = 30.0
REMEMBERED = "-30 days"
"""How long an id is known; the hub says nothing again after so long."""

Submit = Callable[[list[Draft]], "Future[list[Stored]]"]


class Modem:
    """Runs in a thread of its own from `start` to `stop`."""

    def __init__(
        self, folder: Path, smsd: Smsd, hashed_password: Callable[[], str], clock: Clock
    ) -> None:
        self._smsd = smsd
        self._hashed_password = hashed_password
        self._clock = clock
        self._memory = folder / "sms.db"
        self._commands: queue.SimpleQueue[SmsCommand | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="modem", daemon=True)
        self._submit: Submit | None = None

    def start(self, submit: Submit) -> None:
        """`submit` stores drafts in the outbox."""
        self._submit = submit
        with self._remembering() as memory:
            memory.execute(
                "CREATE TABLE IF NOT EXISTS told"
                " (id TEXT PRIMARY KEY, state TEXT NOT NULL, at TEXT DEFAULT (datetime('now')))"
            )
        self._thread.start()

    def stop(self) -> None:
        self._commands.put(None)
        self._thread.join(5)

    def hear(self, payload: bytes) -> None:
        """The hub has a message to send; returns at once. DecodeError."""
        self.command(read_document(SmsCommand, payload))

    def command(self, command: SmsCommand) -> None:
        """Send it, when its turn comes."""
        self._commands.put(command)

    def _run(self) -> None:
        while True:
            try:
                command = self._commands.get(timeout=LOOK_EVERY_S)
                if command is None:
                    return
                self._take(command)
            except queue.Empty:
                self._look()
            except (sqlite3.Error, OSError, NotStored, TimeoutError) as error:
                log.warning("modem_not_usable", error=type(error).__name__)

    def _look(self) -> None:
        try:
            self._report_received()
            self._report_outcomes()
        except (sqlite3.Error, OSError, NotStored, TimeoutError) as error:
            log.warning("modem_not_usable", error=type(error).__name__)

    def _take(self, command: SmsCommand) -> None:
        """Give it to gammu-smsd unless it has been; then say so, as often as it is asked for."""
        told = self._told(command.id)
        if told is None:
            message = self._opened(command)
            if message is None:
                return
            if not self._smsd.knows(message.id):
                self._smsd.send(message)
            self._remember(command.id, "taken")
        self._store([self._reported(command.id, told or "taken")])

    def _opened(self, command: SmsCommand) -> SmsToSend | None:
        fernet = Fernet(sealing_key(self._hashed_password()))
        try:
            message = read_document(SmsToSend, fernet.decrypt(command.sealed.encode()))
        except (InvalidToken, DecodeError):
            message = None
        if message is None or message.id != command.id:
            log.error("sms_command_unreadable")
            return None
        return message

    def _report_received(self) -> None:
        waiting = self._smsd.received()
        if waiting:
            self._store([self._arrived(one) for one in waiting])
            self._smsd.taken([one.row for one in waiting])

    def _report_outcomes(self) -> None:
        outcomes = self._smsd.outcomes()
        news = [one for one in outcomes if self._told(one.id) not in {None, one.state}]
        if news:
            self._store([self._reported(one.id, one.state, one.word) for one in news])
        for one in news:
            self._remember(one.id, one.state)
        finished = [one.id for one in outcomes if is_final(one)]
        if finished:
            self._smsd.forget(finished)

    def _arrived(self, one: Received) -> Draft:
        stamp = one.received.replace(" ", "T").replace(":", "").replace("-", "")
        fields: dict[str, Any] = {
            "carrier_id": f"{one.row}.{stamp}",
            "sender": one.sender or "unknown",
            "text": one.text.replace("\0", ""),
        }
        return self._draft(SmsArrived, fields | _part(one.header))

    def _reported(self, message: str, state: str, word: str | None = None) -> Draft:
        fields = {"message": message, "state": state} | ({"reason": word} if word else {})
        return self._draft(SmsReported, fields)

    def _draft(self, kind: type[Message], fields: dict[str, Any]) -> Draft:
        return Draft(kind, self._clock.stamp(), fields)

    def _store(self, drafts: list[Draft]) -> None:
        assert self._submit is not None  # noqa: S101 - the thread starts after it is set
        self._submit(drafts).result(STORED_WITHIN_S)

    def _told(self, message: str) -> str | None:
        with self._remembering() as memory:
            found = memory.execute("SELECT state FROM told WHERE id = ?", [message]).fetchone()
        return found[0] if found else None

    def _remember(self, message: str, state: str) -> None:
        with self._remembering() as memory:
            memory.execute(
                "INSERT OR REPLACE INTO told (id, state) VALUES (?, ?)", [message, state]
            )
            memory.execute("DELETE FROM told WHERE at < datetime('now', ?)", [REMEMBERED])

    @contextmanager
    def _remembering(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._memory, timeout=5.0)) as memory, memory:
            yield memory


def _part(header: bytes) -> dict[str, Any]:
    """Which part of a long message it is: elements 0 and 8 of the user data header (3GPP TS 23.040, 9.2.3.24)."""
    at = 1
    while at + 2 <= len(header):
        element, size = header[at], header[at + 1]
        content = header[at + 2 : at + 2 + size]
        if (element, len(content)) in {(0, 3), (8, 4)} and 1 <= content[-1] <= content[-2]:
            return {"reference": content[:-2].hex(), "part": content[-1], "total": content[-2]}
        at += 2 + size
    return {}
