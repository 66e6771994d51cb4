"""Writing the audit log: within the transaction of what it tells, at its very end.

The end of the chain is one row, which a writer locks for the last moment of its transaction; so the chain stays one
chain whoever writes at the same time.
"""

import json
from dataclasses import asdict

from sqlalchemy import Connection, Table, insert, select, update

from hub.core.audit.chain import START, Entry, Value, checked
from hub.core.audit.tables import AuditEntry, AuditHead
from hub.core.keys import Vault
from hub.core.scope import Scope

entries: Table = AuditEntry.__table__  # type: ignore[attr-defined]
head: Table = AuditHead.__table__  # type: ignore[attr-defined]

HEAD = 1
"""The id of the only row; the migration made it, with nothing in it."""


class AuditLog:
    """The log of one unit of work; `record` remembers, `close` writes."""

    def __init__(self, connection: Connection, vault: Vault, now_ms: int, *, writes: bool) -> None:
        self._connection = connection
        self._vault = vault
        self._now_ms = now_ms
        self._writes = writes
        self._waiting: list[Entry] = []

    def record(
        self,
        scope: Scope,
        action: str,
        subject: str,
        *,
        facility: str | None = None,
        **detail: Value,
    ) -> None:
        """That the scope's actor did this, such as `contact.read` to `contact/17`; ValueError for what is no code.

        Reading is recorded, too: in a unit of work that may write, because a unit that only looks cannot keep it.
        """
        if not self._writes:
            raise RuntimeError(f"{action} is audited: it needs a unit of work that may write")
        kept = checked(action, subject, detail)
        self._waiting.append(
            Entry(
                0,
                scope.organisation,
                facility,
                self._now_ms,
                scope.actor,
                action,
                subject,
                kept,
            )
        )

    def close(self) -> None:
        """Hang what was recorded on the chain; nothing may be written after it."""
        if not self._waiting:
            return
        locked = select(head.c.sealed).where(head.c.id == HEAD).with_for_update()
        sealed = self._connection.execute(locked).scalar_one()
        number, digest = opened(self._vault, sealed)
        rows = []
        for waiting in self._waiting:
            number += 1
            told = asdict(waiting) | {"number": number}
            digest = Entry(**told).digest(digest)
            rows.append(told | {"digest": digest})
        self._connection.execute(insert(entries), rows)
        now = (
            update(head).where(head.c.id == HEAD).values(sealed=closed(self._vault, number, digest))
        )
        self._connection.execute(now)
        self._waiting.clear()


def opened(vault: Vault, sealed: bytes) -> tuple[int, str]:
    """Number and digest of the last entry."""
    if not sealed:
        return 0, START
    number, digest = json.loads(vault.open(sealed))
    return number, digest


def closed(vault: Vault, number: int, digest: str) -> bytes:
    """The end of the chain as it is stored."""
    return vault.seal(json.dumps([number, digest]).encode())
