"""Jobs of which nothing more will be heard are ended: a terminal that comes back must find nothing stale."""

from sqlalchemy import and_, or_
from sqlmodel import col, select

from hub.core.jobs.ticker import Duty
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet.job_tables import DeviceJob
from hub.fleet.jobs.open_jobs import close

LOOK_EVERY_S = 15.0
UNHEARD_MS = 2 * 60_000
"""After the moment until which a job might have been begun, for the report of its beginning to arrive."""
UNDER_WAY_MS = 24 * 3600 * 1000
"""After that moment and after the last report, for one that was begun."""
AT_ONCE = 200


def silence_duty(workplace: Workplace) -> Duty:
    """What the ticker has done."""

    def step() -> bool:
        with workplace.begin() as work:
            return end_silent(work) == AT_ONCE

    return Duty("silent-jobs", LOOK_EVERY_S, step)


def end_silent(work: UnitOfWork) -> int:
    """End what is due, the oldest first; returns how many."""
    heard = col(DeviceJob.heard_ms)
    until = col(DeviceJob.until_ms)
    long_ago = work.now_ms - UNDER_WAY_MS
    wanted = (
        select(DeviceJob)
        .where(
            col(DeviceJob.closed).is_(None),
            or_(
                and_(heard.is_(None), until < work.now_ms - UNHEARD_MS),
                and_(heard < long_ago, until < long_ago),
            ),
        )
        .order_by(until, DeviceJob.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = list(work.session.exec(wanted))
    close(work, rows, "silent")
    return len(rows)
