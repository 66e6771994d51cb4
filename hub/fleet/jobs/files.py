"""Files that terminals send for jobs: who may send one, who may read it, and for how long it is kept.

Decides nothing about what is in them: a terminal lets out only what is on its list.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import col, select

from hub.core.errors import BadInput, NotFound
from hub.core.jobs.ticker import Duty
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet.job_tables import DeviceJob, JobFile
from hub.fleet.tables import Device

LARGEST_BYTES = 1024 * 1024
KEPT_MS = 14 * 24 * 3600 * 1000
LOOK_EVERY_S = 3600.0

MEDIA_TYPES = {
    "logs": "application/json",
    "diagnostics": "application/json",
    "screenshot": "image/png",
}
"""By kind of job."""
ENDINGS = {"application/json": "json", "image/png": "png"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came; `name` is what it may be called where it is saved."""

    name: str
    media_type: str
    content: bytes


def keep(work: UnitOfWork, device: Device, job: str, content: bytes) -> None:
    """Of a job that this device has open; sent again, it takes the place of the one before."""
    asked = work.session.get(DeviceJob, job)
    if asked is None or asked.device != device.id or asked.closed is not None:
        raise NotFound(_("There is no such job."))
    if asked.kind not in MEDIA_TYPES or not 0 < len(content) <= LARGEST_BYTES:
        raise BadInput("file", _("A file of this kind or size is not taken."))
    row = work.session.get(JobFile, job) or JobFile(
        job=job,
        device=device.id,
        organisation=device.organisation,
        facility=device.facility,
        media_type=MEDIA_TYPES[asked.kind],
        sealed=b"",
        kept_ms=0,
    )
    row.sealed, row.kept_ms = work.vault.seal(content), work.now_ms
    work.session.add(row)
    work.session.flush()


@needs(Permission.MANAGE_DEVICES)
def read(work: UnitOfWork, scope: Scope, job: str) -> Sent:
    """That somebody read it is audited: in a unit of work that may write."""
    mine = select(JobFile).where(scope.rows(JobFile), JobFile.job == job)
    row = work.session.exec(mine).first()
    if row is None:
        raise NotFound(_("There is no such file."))
    work.audit.record(
        scope, "job_file.read", f"device/{row.device}", facility=row.facility, job=job
    )
    name = f"{row.device}-{job[:8]}.{ENDINGS[row.media_type]}"
    return Sent(name, row.media_type, work.vault.open(row.sealed))


@needs(Permission.SEE_DEVICES)
def kept(work: UnitOfWork, scope: Scope, device: str) -> set[str]:
    """The jobs of a device of which there is a file."""
    mine = select(JobFile.job).where(scope.rows(JobFile), JobFile.device == device)
    return set(work.session.exec(mine))


@needs(Permission.SEE_DEVICES)
def of_jobs(work: UnitOfWork, scope: Scope, jobs: Collection[str]) -> set[str]:
    """Those of these jobs of which there is a file."""
    mine = select(JobFile.job).where(scope.rows(JobFile), col(JobFile.job).in_(jobs))
    return set(work.session.exec(mine))


def forgetting_duty(workplace: Workplace) -> Duty:
    """What the ticker has done."""

    def step() -> bool:
        with workplace.begin() as work:
            old = col(JobFile.kept_ms) < work.now_ms - KEPT_MS
            work.connection.execute(delete(JobFile).where(old))
        return False

    return Duty("device-files", LOOK_EVERY_S, step)
