"""Deleting photographs when their time is over, with a record that it was done.

The time counts from when a photograph was taken. Its facility's present policy and the one in force when it arrived
both hold, so nothing is kept longer than its patient was told. What was refused is emptied after the same time, and
what a crash left in the folder without the database knowing of it is deleted too.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, and_, func, or_, select, update

from hub.core.clock import Clock
from hub.core.dead_letters import empty_letters
from hub.core.jobs.ticker import Duty
from hub.core.objects import ObjectFolder
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.feedback.photographs.receiving import DAY_MS
from hub.feedback.photographs.tables import AnswerPhotograph, PhotographPolicy

AT_ONCE = 100
EVERY_S = 60.0
TIDIED_EVERY_S = 3600.0
STRAY_AFTER_MS = 3_600_000
"""Longer than any transaction lasts that has written a file and not yet named it."""

photograph: Table = AnswerPhotograph.__table__  # type: ignore[attr-defined]
policy: Table = PhotographPolicy.__table__  # type: ignore[attr-defined]


class PhotographRetention:
    """What the ticker looks after. Any number of hub processes may do so at once."""

    def __init__(self, workplace: Workplace, folder: ObjectFolder, clock: Clock) -> None:
        self._workplace = workplace
        self._folder = folder
        self._clock = clock

    def duties(self) -> Sequence[Duty]:
        """Photographs by the minute, leavings by the hour."""
        return (
            Duty("photograph-retention", EVERY_S, self.delete_due),
            Duty("photograph-leavings", TIDIED_EVERY_S, self.tidy),
        )

    def delete_due(self) -> bool:
        """Some of those whose time is over; True when there may be more."""
        with self._workplace.read() as work:
            if not _due(work, 1):
                return False
        with self._workplace.begin() as work:
            due = _due(work, AT_ONCE)
            for row in due:
                delete(work, self._folder, row)
        return len(due) == AT_ONCE

    def tidy(self) -> bool:
        """Refused photographs whose time is over, and files that no photograph is in."""
        with self._workplace.begin() as work:
            for scope, days_kept in _policies(work):
                empty_letters(work, scope, "PhotoTaken", work.now_ms - days_kept * DAY_MS)
        before_s = (self._clock.now_ms() - STRAY_AFTER_MS) / 1000
        with self._workplace.read() as work:
            for name in self._folder.older_than(before_s):
                known = select(photograph.c.file).where(photograph.c.file == name)
                if work.connection.execute(known).first() is None:
                    self._folder.remove(name)
        return False


def delete(work: UnitOfWork, folder: ObjectFolder, row: Row[Any]) -> None:
    """The file first: whatever becomes of the transaction, nobody can see it any more."""
    folder.remove(row.file)
    this = and_(
        photograph.c.device == row.device,
        photograph.c.epoch == row.epoch,
        photograph.c.sequence == row.sequence,
    )
    gone = {"file": None, "deleted_ms": work.now_ms}
    work.connection.execute(update(photograph).where(this).values(gone))
    scope = Scope(row.organisation, frozenset({row.facility}))
    work.audit.record(scope, "photograph.deleted", subject_of(row), facility=row.facility)


def subject_of(row: Row[Any]) -> str:
    """What the audit log calls a photograph."""
    return f"photograph/{row.device}/{row.epoch}/{row.sequence}"


def _due(work: UnitOfWork, most: int) -> Sequence[Row[Any]]:
    c = photograph.c
    by_policy = [
        and_(scope.rows(c), c.taken_ms <= work.now_ms - days_kept * DAY_MS)
        for scope, days_kept in _policies(work)
    ]
    wanted = select(photograph).where(
        c.deleted_ms.is_(None), or_(c.until_ms <= work.now_ms, *by_policy)
    )
    return work.connection.execute(wanted.order_by(c.taken_ms).limit(most)).all()


def _policies(work: UnitOfWork) -> list[tuple[Scope, int]]:
    """For how many days each facility that has ever decided keeps photographs now."""
    c = policy.c
    newest = (
        select(c.organisation, c.facility, func.max(c.version).label("version"))
        .group_by(c.organisation, c.facility)
        .subquery()
    )
    same = [c[name] == newest.c[name] for name in ("organisation", "facility", "version")]
    rows = work.connection.execute(select(policy).join(newest, and_(*same)))
    return [(Scope(row.organisation, frozenset({row.facility})), row.days_kept) for row in rows]
