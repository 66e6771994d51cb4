"""One request, one batch of messages or one due job is one unit of work: one transaction, and its news.

News are domain events, frozen dataclasses in the past tense. `within` listeners run at once, in the transaction;
`after` listeners run when it is durable, must not fail anybody, and may be lost in a crash.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from sqlmodel import Session

from hub.core.audit.log import AuditLog
from hub.core.clock import Clock
from hub.core.db import Database
from hub.core.keys import Vault

log = structlog.get_logger()

E = TypeVar("E")
Within = Callable[["UnitOfWork", Any], None]
After = Callable[[Any], None]


class Listeners:
    """Who listens to which event; filled once, by the composition root."""

    def __init__(self) -> None:
        self._within: dict[type, list[Within]] = defaultdict(list)
        self._after: dict[type, list[After]] = defaultdict(list)

    def within(self, event: type[E], listener: Callable[["UnitOfWork", E], None]) -> None:
        """Run `listener(work, event)` inside the transaction that tells the event."""
        self._within[event].append(listener)

    def after(self, event: type[E], listener: Callable[[E], None]) -> None:
        """Run `listener(event)` once the transaction is durable."""
        self._after[event].append(listener)

    def tell_within(self, work: "UnitOfWork", event: object) -> None:
        for listener in self._within[type(event)]:
            listener(work, event)

    def tell_after(self, event: object) -> None:
        for listener in self._after[type(event)]:
            try:
                listener(event)
            except Exception:
                log.exception("after_listener_failed", event_type=type(event).__name__)


class UnitOfWork:
    """A transaction in progress: Core statements on `connection`, SQLModel objects through `session`."""

    def __init__(
        self,
        connection: Connection,
        listeners: Listeners,
        vault: Vault,
        now_ms: int,
        writes: bool,
    ) -> None:
        self.connection = connection
        self.session = Session(bind=connection)
        self.now_ms = now_ms
        self.vault = vault
        self.audit = AuditLog(connection, vault, now_ms, writes=writes)
        self._listeners = listeners
        self._told: list[object] = []

    def tell(self, event: object) -> None:
        """Announce that something has happened."""
        self._told.append(event)
        self._listeners.tell_within(self, event)

    def told(self) -> list[object]:
        return self._told


class Workplace:
    """Opens units of work on one database."""

    def __init__(
        self, database: Database, listeners: Listeners, clock: Clock, vault: Vault
    ) -> None:
        self.database = database
        self._listeners = listeners
        self._clock = clock
        self._vault = vault

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """A unit of work that may write; events told in it reach the `after` listeners once it is durable."""
        with self.database.writing() as connection:
            work = self._unit(connection, writes=True)
            with work.session:
                yield work
                work.session.flush()
                work.audit.close()
        for event in work.told():
            self._listeners.tell_after(event)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A unit of work that only looks."""
        with self.database.reading() as connection:
            work = self._unit(connection, writes=False)
            with work.session:
                yield work

    def _unit(self, connection: Connection, *, writes: bool) -> UnitOfWork:
        now_ms = self._clock.now_ms()
        return UnitOfWork(connection, self._listeners, self._vault, now_ms, writes)
