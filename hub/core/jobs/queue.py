"""Rows of work: put within a transaction, claimed with a lease, and deleted once done.

A worker that dies keeps its lease until it runs out; then another one takes the job. So a job may be begun twice, and
whoever performs it sees to it that the second time has no effect. Two hub processes never hold the same job at once.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, Table, and_, delete, func, select, update

from contract.messages.envelope import MAX_INT
from hub.core.bulk import insert_new
from hub.core.jobs.tables import Job as JobRow
from hub.core.unit_of_work import UnitOfWork

job: Table = JobRow.__table__  # type: ignore[attr-defined]

NEVER = MAX_INT
"""When a job may be taken again that has been given up."""
DROPPED_TOGETHER = 500

_NEW = tuple(column.name for column in job.c if column.name != "id")


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work in the hands of a worker. `attempts` counts this one."""

    id: int
    payload: Any
    size: int
    due_ms: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Jobs of one kind under one lease, the earliest due first."""

    kind: str
    holder: str
    jobs: list[Job]


def put(
    work: UnitOfWork, kind: str, payload: Any, *, due_ms: int | None = None, size: int = 1
) -> None:
    """Have something done once this transaction is durable and `due_ms` (now, when None) is past."""
    due = work.now_ms if due_ms is None else due_ms
    text = json.dumps(payload, separators=(",", ":"))
    insert_new(work.connection, job, _NEW, [(kind, text, size, due, due, 0, None)])


def is_due(work: UnitOfWork, kind: str) -> bool:
    """Whether a claim may find something; cheap, and takes no lock."""
    return (
        work.connection.execute(select(job.c.id).where(_free(work, kind)).limit(1)).first()
        is not None
    )


def claim(work: UnitOfWork, kind: str, most: int, lease_ms: int) -> Claim:
    """Take up to `most` jobs that are due and free, in no order that others would have to heed."""
    earliest = select(job.c.id).where(_free(work, kind)).order_by(*_IN_ORDER).limit(most)
    return _taken(work, kind, job.c.id.in_(earliest.scalar_subquery()), lease_ms)


def claim_in_order(work: UnitOfWork, kind: str, most: int, lease_ms: int) -> Claim:
    """Take the earliest jobs that are due, unless somebody holds the first or it must wait after a failure.

    Jobs due at the same moment are never parted; for their sake it may be more than `most`.
    """
    due = and_(job.c.kind == kind, job.c.due_ms <= work.now_ms)
    ordered = select(job.c.due_ms, job.c.free_ms).where(due).order_by(*_IN_ORDER).limit(1)
    first = work.connection.execute(ordered).first()
    if first is None or first.free_ms > work.now_ms:
        return Claim(kind, "", [])
    last = work.connection.execute(ordered.offset(most - 1)).first()
    last_due = work.now_ms if last is None else last.due_ms
    return _taken(work, kind, job.c.due_ms <= last_due, lease_ms)


def done(work: UnitOfWork, claimed: Claim) -> None:
    """What was claimed has been done."""
    work.connection.execute(delete(job).where(_held(claimed)))


def postpone(work: UnitOfWork, claimed: Claim, until_ms: int) -> None:
    """What was claimed could not be done; it may be taken again then, or NEVER."""
    work.connection.execute(update(job).where(_held(claimed)).values(free_ms=until_ms, holder=None))


def waiting(work: UnitOfWork, kind: str) -> int:
    """How many things the jobs of a kind stand for, those in somebody's hands included."""
    total = select(func.coalesce(func.sum(job.c.size), 0)).where(job.c.kind == kind)
    return int(work.connection.execute(total).scalar_one())


def drop_oldest(work: UnitOfWork, kind: str, excess: int) -> int:
    """Delete jobs, the earliest due first, until they stood for `excess` things or more; how many it really were."""
    dropped = 0
    while dropped < excess:
        oldest = select(job.c.id, job.c.size).where(job.c.kind == kind).order_by(*_IN_ORDER)
        doomed = []
        for row in work.connection.execute(oldest.limit(DROPPED_TOGETHER)):
            if dropped >= excess:
                break
            doomed.append(row.id)
            dropped += row.size
        if not doomed:
            break
        work.connection.execute(delete(job).where(job.c.id.in_(doomed)))
    return dropped


_IN_ORDER = (job.c.due_ms, job.c.id)


def _free(work: UnitOfWork, kind: str) -> ColumnElement[bool]:
    return and_(job.c.kind == kind, job.c.due_ms <= work.now_ms, job.c.free_ms <= work.now_ms)


def _held(claimed: Claim) -> ColumnElement[bool]:
    due = [held.due_ms for held in claimed.jobs]
    within = job.c.due_ms.between(min(due), max(due))  # so that the index is of use
    return and_(job.c.kind == claimed.kind, within, job.c.holder == claimed.holder)


def _taken(work: UnitOfWork, kind: str, which: ColumnElement[bool], lease_ms: int) -> Claim:
    """Of two who claim at once, PostgreSQL has the second look again at rows that the first has changed."""
    holder = uuid4().hex
    lease = {
        "free_ms": work.now_ms + lease_ms, "holder": holder, "attempts": job.c.attempts + 1,
    }  # fmt: skip
    statement = update(job).where(which, _free(work, kind)).values(lease).returning(job)
    rows = sorted(work.connection.execute(statement), key=lambda row: (row.due_ms, row.id))
    return Claim(kind, holder, [_job(row) for row in rows])


def _job(row: Row[Any]) -> Job:
    return Job(row.id, json.loads(row.payload), row.size, row.due_ms, row.attempts)
