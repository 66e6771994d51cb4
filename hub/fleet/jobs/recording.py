"""What terminals report of their jobs. Each report is counted once, by job; the last one that was said holds.

Reports may come late, twice and out of order. An end that a terminal has reported stays; of a job that the hub had
given up, what came of it is noted all the same.
"""

import structlog

from contract.messages import JobReported
from hub.core.arrivals import Arrival
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.job_tables import DeviceJob
from hub.fleet.jobs.events import JobProgressed
from hub.fleet.jobs.open_jobs import close, locked, news

log = structlog.get_logger()

ENDS = frozenset({"done", "failed", "rejected"})
UNKNOWN = "unknown"
"""The kind of what nobody here asked for, or of what came to the terminal in another form."""


def record_reports(work: UnitOfWork, arrivals: list[Arrival[JobReported]]) -> None:
    """Take reports in. Of what was not asked of the reporting device only a refusal is kept, for people to see."""
    rows = {row.id: row for row in locked(work, {arrival.message.job for arrival in arrivals})}
    ended: dict[str, DeviceJob] = {}
    for arrival in arrivals:
        message = arrival.message
        row = rows.get(message.job)
        if row is None or row.device != arrival.address.device:
            _note_stranger(work, arrival)
            continue
        if row.outcome in ENDS or _is_older(arrival, row):
            continue
        _note(row, arrival)
        work.session.add(row)
        if row.closed is None and message.outcome in ENDS:
            ended[row.id] = row
        else:
            work.tell(news(row, JobProgressed))
    work.session.flush()
    close(work, ended.values(), "reported")


def _note_stranger(work: UnitOfWork, arrival: Arrival[JobReported]) -> None:
    """A terminal has refused what it could not read, or what another hub had asked of it."""
    message, address = arrival.message, arrival.address
    log.warning("job_not_known", device=address.device, job=message.job)
    if message.outcome != "rejected":
        return
    row = DeviceJob(
        id=f"{address.device}:{message.epoch}:{message.sequence}",
        device=address.device,
        organisation=address.organisation,
        facility=address.facility,
        kind=UNKNOWN,
        document="{}",
        asked_ms=arrival.occurred_ms,
        asked_by="",
        until_ms=arrival.occurred_ms,
        closed="reported",
        closed_ms=work.now_ms,
    )
    _note(row, arrival)
    work.session.add(row)


def _is_older(arrival: Arrival[JobReported], row: DeviceJob) -> bool:
    """Whether what is known was said later. Two lives of an outbox are compared by the clock."""
    message = arrival.message
    if row.heard_ms is None or row.heard_sequence is None:
        return False
    if message.epoch == row.heard_epoch:
        return message.sequence <= row.heard_sequence
    return arrival.occurred_ms < row.heard_ms


def _note(row: DeviceJob, arrival: Arrival[JobReported]) -> None:
    message = arrival.message
    row.outcome, row.step, row.reason = message.outcome, message.step, message.reason
    row.release = message.release or row.release
    row.heard_ms = arrival.occurred_ms
    row.heard_epoch, row.heard_sequence = message.epoch, message.sequence
