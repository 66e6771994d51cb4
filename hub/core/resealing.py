"""Sealing anew, with the newest key, whatever the database holds sealed: a job for each column, some rows at a time.

Every column of bytes is sealed; a row that changes meanwhile is left as it is, because whoever changed it has sealed it
with a key at least as new. Files are not touched: older keys stay in the ring, so they open for ever.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import Column, LargeBinary, Table, and_, select, tuple_, update
from sqlmodel import SQLModel

from hub.core.clock import Clock
from hub.core.jobs import queue
from hub.core.jobs.queue import Job
from hub.core.jobs.ticker import Duty
from hub.core.jobs.worker import Manner, Worker
from hub.core.unit_of_work import UnitOfWork, Workplace

log = structlog.get_logger()

KIND = "reseal"
AT_ONCE = 200
LOOK_EVERY_S = 5.0


def sealed_columns() -> list[tuple[Table, Column[bytes]]]:
    """All there are, of every slice."""
    return [
        (table, column)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    ]


def put_jobs(work: UnitOfWork) -> int:
    """Have everything sealed anew once this transaction is durable; how many columns that concerns."""
    columns = sealed_columns()
    for table, column in columns:
        queue.put(work, KIND, {"table": table.name, "column": column.name, "after": None})
    return len(columns)


class Resealer:
    """Works the jobs off."""

    def __init__(self, workplace: Workplace, clock: Clock) -> None:
        self._workplace = workplace
        self._worker = Worker(workplace, clock, KIND, self._perform, Manner())
        self._known = {
            (table.name, column.name): (table, column) for table, column in sealed_columns()
        }

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("reseal", LOOK_EVERY_S, self._worker.step)]

    def finish(self) -> None:
        """Do everything that waits, now."""
        while self._worker.step():
            pass

    def _perform(self, jobs: list[Job]) -> None:
        for job in jobs:
            known = self._known.get((job.payload["table"], job.payload["column"]))
            if known is None:  # put by another version of this hub
                continue
            with self._workplace.begin() as work:
                last = _reseal(work, *known, job.payload["after"])
                if last is not None:
                    queue.put(work, KIND, job.payload | {"after": last})


def _reseal(
    work: UnitOfWork, table: Table, column: Column[bytes], after: Sequence[Any] | None
) -> list[Any] | None:
    """Some rows behind `after`; the last one's key, or None when that was all."""
    keys = list(table.primary_key)
    wanted = select(*keys, column).order_by(*keys).limit(AT_ONCE)
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple(after))
    rows = work.connection.execute(wanted).all()
    for *key, sealed in rows:
        if not sealed:
            continue
        this = and_(*(each == value for each, value in zip(keys, key, strict=True)))
        try:
            anew = work.vault.seal(work.vault.open(sealed))
        except InvalidToken:  # damaged, or its key is lost: nothing is made worse
            log.error("not_opened", where=table.name)
            continue
        same = update(table).where(this, column == sealed).values({column.name: anew})
        work.connection.execute(same)
    return list(rows[-1][:-1]) if len(rows) == AT_ONCE else None
