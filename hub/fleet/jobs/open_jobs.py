"""The document of each terminal's open jobs: what is in it, and in which version."""

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from sqlmodel import col, select

from contract.jobs import OpenJobs, read
from contract.strict_json import parse_json
from contract.topics import DeviceAddress
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.job_tables import DeviceJob, OpenJobsVersion
from hub.fleet.jobs.events import JobEnded, JobHeard, OpenJobsChanged

H = TypeVar("H", bound=JobHeard)

Documents = list[tuple[DeviceAddress, OpenJobs]]


def changed(work: UnitOfWork, addresses: Collection[DeviceAddress]) -> None:
    """These terminals' documents are of a higher version from now on, and told when the work is durable."""
    if not addresses:
        return
    known = _versions(work, [address.device for address in addresses], lock=True)
    for address in addresses:
        row = known.get(address.device)
        if row is None:
            row = OpenJobsVersion(device=address.device, organisation="", facility="", version=0)
        row.organisation, row.facility = address.organisation, address.facility
        row.version = max(work.now_ms, row.version + 1)
        work.session.add(row)
    work.session.flush()
    work.tell(OpenJobsChanged(tuple(addresses)))


def documents(work: UnitOfWork, devices: Collection[str] | None = None) -> Documents:
    """What these terminals are asked to do, or all that were ever asked for something; oldest job first."""
    versions = _versions(work, devices)
    wanted = select(DeviceJob).where(col(DeviceJob.closed).is_(None))
    if devices is not None:
        wanted = wanted.where(col(DeviceJob.device).in_(sorted(devices)))
    asked: dict[str, list[object]] = {device: [] for device in versions}
    for row in work.session.exec(wanted.order_by(col(DeviceJob.asked_ms), DeviceJob.id)):
        asked.setdefault(row.device, []).append(read(parse_json(row.document.encode())))
    return [
        (
            DeviceAddress(row.organisation, row.facility, device),
            OpenJobs(version=row.version, jobs=asked[device]),
        )
        for device, row in versions.items()
    ]


def locked(work: UnitOfWork, names: Collection[str]) -> list[DeviceJob]:
    """Rows by name, in one order for everybody, held until the work is done."""
    wanted = select(DeviceJob).where(col(DeviceJob.id).in_(sorted(names)))
    return list(work.session.exec(wanted.order_by(DeviceJob.id).with_for_update()))


def close(work: UnitOfWork, rows: Iterable[DeviceJob], why: str) -> None:
    """These are asked for no more."""
    closed = list(rows)
    for row in closed:
        row.closed, row.closed_ms = why, work.now_ms
        work.session.add(row)
    work.session.flush()
    for row in closed:
        work.tell(news(row, JobEnded))
    changed(work, {DeviceAddress(row.organisation, row.facility, row.device) for row in closed})


def news(row: DeviceJob, kind: Callable[..., H]) -> H:
    """What is known of a job, as an event."""
    told = {n: getattr(row, n) for n in JobHeard.__dataclass_fields__ if n != "job"}
    return kind(job=row.id, **told)


def _versions(
    work: UnitOfWork, devices: Collection[str] | None, *, lock: bool = False
) -> dict[str, OpenJobsVersion]:
    wanted = select(OpenJobsVersion).order_by(OpenJobsVersion.device)
    if devices is not None:
        wanted = wanted.where(col(OpenJobsVersion.device).in_(sorted(devices)))
    rows = work.session.exec(wanted.with_for_update() if lock else wanted)
    return {row.device: row for row in rows}
