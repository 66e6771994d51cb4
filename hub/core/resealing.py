"""Sealing anew, with the newest key, whatever is stored sealed: a job for each column, some rows at a time.

Every column of bytes is sealed; so are files that rows name, and what else the composition root lists. A row that
changes meanwhile is left as it is, because whoever changed it has sealed it with a key at least as new.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import Column, ColumnElement, LargeBinary, Table, and_, select, true, tuple_, update
from sqlmodel import SQLModel

from hub.core.clock import Clock
from hub.core.jobs import queue
from hub.core.jobs.queue import Job
from hub.core.jobs.ticker import Duty
from hub.core.jobs.worker import Manner, Worker
from hub.core.keys import Vault
from hub.core.objects import ObjectFolder
from hub.core.unit_of_work import UnitOfWork, Workplace

log = structlog.get_logger()

KIND = "reseal"
AT_ONCE = 200
LOOK_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column whose values are sealed, or name what is.

    `anew` gives the value to store instead, or the same; it raises InvalidToken where no key fits. `given_up` is told
    of each value that is no longer stored.
    """

    table: Table
    column: Column[Any]
    anew: Callable[[Vault, Any], Any]
    rows: ColumnElement[bool] = true()  # noqa: RUF009 - an immutable expression
    given_up: Callable[[Any], None] = lambda _value: None


def sealed_columns() -> list[Sealed]:
    """All there are of bytes, of every slice."""
    return [
        Sealed(table, column, lambda vault, value: vault.seal(vault.open(value)))
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    ]


def sealed_files(table: Table, column: str, folder: ObjectFolder) -> Sealed:
    """Files that a column names; a row without its file stays as it is."""

    def anew(vault: Vault, name: str) -> str:
        content = folder.find(name)
        return name if content is None else folder.keep(vault.seal(vault.open(content)))

    return Sealed(table, table.c[column], anew, given_up=folder.remove)


class Resealer:
    """Works the jobs off; `others` are what is sealed besides columns of bytes."""

    def __init__(self, workplace: Workplace, clock: Clock, others: Sequence[Sealed] = ()) -> None:
        self._workplace = workplace
        self._worker = Worker(workplace, clock, KIND, self._perform, Manner())
        every = [*sealed_columns(), *others]
        self._known = {(one.table.name, one.column.name): one for one in every}

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("reseal", LOOK_EVERY_S, self._worker.step)]

    def put_jobs(self, work: UnitOfWork) -> int:
        """Have everything sealed anew once this transaction is durable; how many columns that concerns."""
        for table, column in self._known:
            queue.put(work, KIND, {"table": table, "column": column, "after": None})
        return len(self._known)

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
                last, given_up = _reseal(work, known, job.payload["after"])
                if last is not None:
                    queue.put(work, KIND, job.payload | {"after": last})
            for value in given_up:
                known.given_up(value)


def _reseal(
    work: UnitOfWork, sealed: Sealed, after: Sequence[Any] | None
) -> tuple[list[Any] | None, list[Any]]:
    """Some rows behind `after`: the last one's key, or None when that was all; and the values given up."""
    keys = list(sealed.table.primary_key)
    wanted = select(*keys, sealed.column).where(sealed.rows).order_by(*keys).limit(AT_ONCE)
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple(after))
    rows = work.connection.execute(wanted).all()
    given_up = []
    for *key, value in rows:
        if not value:
            continue
        try:
            anew = sealed.anew(work.vault, value)
        except InvalidToken:  # damaged, or its key is lost: nothing is made worse
            log.error("not_opened", where=sealed.table.name)
            continue
        if anew == value:
            continue
        this = and_(*(each == part for each, part in zip(keys, key, strict=True)))
        same = update(sealed.table).where(this, sealed.column == value)
        stored = work.connection.execute(same.values({sealed.column.name: anew})).rowcount
        given_up.append(value if stored else anew)
    return (list(rows[-1][:-1]) if len(rows) == AT_ONCE else None), given_up
