"""One database, SQLite or PostgreSQL, and how a transaction begins on each.

SQLite runs with a write-ahead log and synchronous=FULL: a commit that has returned survives a power cut. A writing
transaction takes the write lock at its start (BEGIN IMMEDIATE), so that it never fails half-way for want of it. Threads
of one process queue up for it here: SQLite itself would have them sleep and look again, ever more seldom.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from hub.core.private_files import make_file

LOCK_WAIT_S = 5.0

_TOO_LARGE = "54"
"""PostgreSQL's class of errors for what exceeds a limit of its own; psycopg counts them as operational."""

_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-32000",
    f"PRAGMA busy_timeout={int(LOCK_WAIT_S * 1000)}",
)


class Database:
    """A pool of connections to one database."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._turn = Lock()
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if parsed.database:
                make_file(Path(parsed.database))  # SQLite gives its log the same permissions
            self.engine = create_engine(parsed, connect_args={"timeout": LOCK_WAIT_S})
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            parsed = parsed.set(drivername="postgresql+psycopg")
            self.engine = create_engine(parsed, pool_pre_ping=True, pool_size=10)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write: committed at the end, rolled back on any error."""
        with self._writers_turn(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _writers_turn(self) -> Iterator[None]:
        """Whoever has waited for too long asks SQLite, which refuses in its own words."""
        mine = self.is_sqlite and self._turn.acquire(timeout=LOCK_WAIT_S)
        try:
            yield
        finally:
            if mine:
                self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view; never waits for a writer."""
        options: dict[str, Any] = {"wellheard_reading": True}
        if not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.engine.connect().execution_options(**options) as connection:
            yield connection
            connection.rollback()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def is_unavailable(error: BaseException) -> bool:
    """Whether an error says that the database cannot be used now (down, locked, disk full): try again later.

    Anything else is the statement's own fault, and would fail again.
    """
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    driver = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(driver, sqlite3.OperationalError):
        return getattr(driver, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    if isinstance(driver, (psycopg.OperationalError, psycopg.InterfaceError)):
        return not (driver.sqlstate or "").startswith(_TOO_LARGE)
    return False


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's implicit one
    _write_ahead(connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _write_ahead(connection: Any) -> None:
    """Several hubs that start on a new file all want to switch it, and for that SQLite waits for nobody."""
    until = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("wellheard_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
