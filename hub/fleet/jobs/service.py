"""Asking terminals for something, taking it back, and seeing what came of it.

Decides who may ask, and that what is asked of several terminals is asked of all or none. What is asked for, and what
follows from its end, is for whoever asks.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import func
from sqlmodel import col, select

from contract.jobs import MOST_JOBS, Command, CommandJob, Job, UpdateJob
from contract.topics import DeviceAddress
from hub.core.errors import Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.bulk import managed
from hub.fleet.job_tables import DeviceJob
from hub.fleet.jobs.open_jobs import changed, close, locked
from hub.fleet.tables import Device

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class JobView:
    """One job of one terminal; `closed` None means that it is still asked for. `job_tables.DeviceJob` says the rest."""

    id: str
    organisation: str
    facility: str
    device: str
    kind: str
    asked_ms: int
    asked_by: str
    until_ms: int
    outcome: str
    step: str
    reason: str
    release: str | None
    heard_ms: int | None
    closed: str | None
    closed_ms: int | None
    batch: str | None


def new_name() -> str:
    """A name that no other job, and no other batch of jobs, has."""
    return uuid4().hex


def new_command(work: UnitOfWork, kind: Command, *, minutes: int) -> CommandJob:
    """Of a name of its own, and not begun later than so many minutes from now."""
    return CommandJob(job=new_name(), until_ms=work.now_ms + minutes * MINUTE_MS, kind=kind)


def ask(work: UnitOfWork, scope: Scope, device: str, job: Job) -> None:
    """Ask one terminal for something; see `ask_each`."""
    ask_each(work, scope, {device: job})


@needs(Permission.MANAGE_DEVICES)
def ask_each(
    work: UnitOfWork, scope: Scope, jobs: Mapping[str, Job], *, batch: str | None = None
) -> None:
    """Ask terminals, by id, for a job each, all or none. Asking again for the same job has no effect.

    BulkDenied when one of them may not be managed, Conflict when one has too much to do already, or is shut out and
    asked for something at once.
    """
    devices = managed(work, scope, jobs)
    names = [job.job for job in jobs.values()]
    known = set(work.session.exec(select(DeviceJob.id).where(col(DeviceJob.id).in_(names))))
    new = {device: job for device, job in jobs.items() if job.job not in known}
    busy = _open_counts(work, new)
    for device, job in sorted(new.items()):
        if isinstance(job, CommandJob) and devices[device].status == "revoked":
            raise Conflict(_("This terminal is shut out, and hears of nothing."), field="device")
        if busy.get(device, 0) >= MOST_JOBS:
            raise Conflict(_("This terminal has too many open jobs."), field="device")
        work.session.add(_row(work, scope, devices[device], job, batch))
        work.audit.record(
            scope,
            "job.asked",
            f"device/{device}",
            facility=devices[device].facility,
            job=job.job,
            kind=job.kind,
        )
    work.session.flush()
    asked = (devices[device] for device in new)
    changed(work, {DeviceAddress(d.organisation, d.facility, d.id) for d in asked})


@needs(Permission.MANAGE_DEVICES)
def take_back(work: UnitOfWork, scope: Scope, jobs: Collection[str]) -> list[str]:
    """Ask for these jobs no more; returns those that were open. BulkDenied when one is on a forbidden terminal,
    NotFound when there is none of them.

    A terminal that has begun may end one all the same, and says so.
    """
    rows = locked(work, jobs)
    if jobs and not rows:
        raise NotFound(_("There is no such job."))
    managed(work, scope, {row.device for row in rows})
    taken = [row for row in rows if row.closed is None]
    for row in taken:
        work.audit.record(
            scope, "job.taken_back", f"device/{row.device}", facility=row.facility, job=row.id
        )
    close(work, taken, "taken_back")
    return [row.id for row in taken]


@needs(Permission.SEE_DEVICES)
def jobs(
    work: UnitOfWork,
    scope: Scope,
    *,
    names: Collection[str] | None = None,
    device: str | None = None,
    batch: str | None = None,
    most: int = 1000,
) -> list[JobView]:
    """Jobs of the scope, those asked for last first: with these names, of this device, of this batch."""
    wanted = select(DeviceJob).where(scope.rows(DeviceJob))
    if names is not None:
        wanted = wanted.where(col(DeviceJob.id).in_(sorted(names)))
    if device is not None:
        wanted = wanted.where(DeviceJob.device == device)
    if batch is not None:
        wanted = wanted.where(DeviceJob.batch == batch)
    ordered = wanted.order_by(col(DeviceJob.asked_ms).desc(), DeviceJob.id).limit(most)
    return [_view(row) for row in work.session.exec(ordered)]


@needs(Permission.SEE_DEVICES)
def open_updates(work: UnitOfWork, scope: Scope) -> dict[str, UpdateJob]:
    """By device: the update that it is asked for and has not begun."""
    wanted = select(DeviceJob).where(
        scope.rows(DeviceJob),
        col(DeviceJob.closed).is_(None),
        DeviceJob.kind == "update",
        col(DeviceJob.outcome).in_(("asked", "waiting")),
    )
    rows = work.session.exec(wanted)
    return {row.device: UpdateJob.model_validate_json(row.document) for row in rows}


def _open_counts(work: UnitOfWork, devices: Collection[str]) -> dict[str, int]:
    wanted = (
        select(DeviceJob.device, func.count())
        .where(col(DeviceJob.device).in_(sorted(devices)), col(DeviceJob.closed).is_(None))
        .group_by(DeviceJob.device)
    )
    return dict(work.session.exec(wanted).all())


def _row(work: UnitOfWork, scope: Scope, device: Device, job: Job, batch: str | None) -> DeviceJob:
    return DeviceJob(
        id=job.job,
        device=device.id,
        organisation=device.organisation,
        facility=device.facility,
        kind=job.kind,
        document=job.model_dump_json(),
        asked_ms=work.now_ms,
        asked_by=scope.actor,
        until_ms=job.until_ms,
        batch=batch,
    )


def _view(row: DeviceJob) -> JobView:
    return JobView(**{name: getattr(row, name) for name in JobView.__dataclass_fields__})
