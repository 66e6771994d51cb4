"""What several terminals are asked at once: asking, how it gets on, and taking back what has not begun."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Table, func, select

from contract.jobs import Command, Job
from hub.core.errors import NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.job_tables import DeviceJob
from hub.fleet.jobs import service
from hub.fleet.jobs.service import JobView
from hub.fleet.jobs.words import state

device_job: Table = DeviceJob.__table__  # type: ignore[attr-defined]

NOT_BEGUN = ("asked", "waiting")
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """The name of the batch, and by device those of its jobs."""

    batch: str
    jobs: dict[str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """`counts` says of how many jobs each `words.state` holds."""

    name: str
    kind: str
    asked_ms: int
    asked_by: str
    counts: Mapping[str, int]

    @property
    def size(self) -> int:
        return sum(self.counts.values())


@needs(Permission.MANAGE_DEVICES)
def command(
    work: UnitOfWork, scope: Scope, kind: Command, devices: Collection[str], *, minutes: int
) -> Asked:
    """Ask all of them, as one batch, to begin within so many minutes. All or none, as `service.ask_each`."""
    asked: dict[str, Job] = {
        device: service.new_command(work, kind, minutes=minutes) for device in devices
    }
    name = service.new_name()
    service.ask_each(work, scope, asked, batch=name)
    return Asked(name, {device: job.job for device, job in asked.items()})


def is_unbegun(job: JobView) -> bool:
    """Whether it can still be taken back without a trace."""
    return job.closed is None and job.outcome in NOT_BEGUN


@needs(Permission.SEE_DEVICES)
def batches(work: UnitOfWork, scope: Scope) -> list[Batch]:
    """What was asked of the scope's terminals, several at once, the latest first."""
    c = device_job.c
    mine, asked = (scope.rows(c), c.batch.is_not(None)), func.max(c.asked_ms)
    latest = select(c.batch).where(*mine).group_by(c.batch)
    names = list(work.connection.scalars(latest.order_by(asked.desc()).limit(MOST_LISTED)))
    columns = (c.batch, c.kind, c.asked_by, c.asked_ms, c.outcome, c.closed)
    rows = select(*columns, func.count()).where(*mine, c.batch.in_(names)).group_by(*columns)
    said: dict[str, tuple[str, int, str]] = {}
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for name, kind, by, asked_ms, outcome, closed, count in work.connection.execute(rows):
        said[name] = (kind, asked_ms, by)
        counts[name][state(outcome, closed)] += count
    return [Batch(name, *said[name], counts[name]) for name in names]


@needs(Permission.SEE_DEVICES)
def batch(work: UnitOfWork, scope: Scope, name: str) -> list[JobView]:
    """Its jobs on terminals of the scope, by terminal; NotFound where there is none."""
    found = service.jobs(work, scope, batch=name)
    if not found:
        raise NotFound(_("Nothing was asked under this name."))
    return sorted(found, key=lambda job: job.device)


@needs(Permission.MANAGE_DEVICES)
def take_back(work: UnitOfWork, scope: Scope, name: str) -> list[str]:
    """Ask no more for what has not begun; the names of those jobs. All or none, as `service.take_back`."""
    c = device_job.c
    unbegun = select(c.id).where(
        c.organisation == scope.organisation,
        c.batch == name,
        c.closed.is_(None),
        c.outcome.in_(NOT_BEGUN),
    )
    return service.take_back(work, scope, list(work.connection.scalars(unbegun)))
