"""Photographs, for whoever answers a patient's request and for the end of their time: a picture goes, with a record.

Whose they are is known where a telephone number was left in the same visit. What was refused is emptied after the same
time as what was kept.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, and_, select, tuple_, update

from hub.core.dead_letters import empty_letters
from hub.core.objects import ObjectFolder
from hub.core.privacy.holders import Kept
from hub.core.scope import Scope
from hub.core.texts import N_
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.contact_privacy import contacts_of
from hub.feedback.photographs.tables import AnswerPhotograph
from hub.feedback.tables import Response

photograph: Table = AnswerPhotograph.__table__  # type: ignore[attr-defined]
response: Table = Response.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class PhotographHolder:
    """See `core.privacy.holders.Holder`. To be asked before contacts are erased, by which it finds."""

    folder: ObjectFolder
    kind: str = "photographs"
    title: str = N_("Photographs with answers")
    days_kept: int = 30

    def find(self, work: UnitOfWork, scope: Scope, telephone: str) -> list[Kept]:
        return [self._told(work, row) for row in _of(work, scope, telephone)]

    def erase(self, work: UnitOfWork, scope: Scope, telephone: str) -> int:
        return self._delete(work, _of(work, scope, telephone))

    def expire(self, work: UnitOfWork, scope: Scope, before_ms: int, most: int) -> int:
        empty_letters(work, scope, "PhotoTaken", before_ms)
        c = photograph.c
        old = select(photograph).where(
            scope.rows(c), c.deleted_ms.is_(None), c.taken_ms <= before_ms
        )
        return self._delete(work, work.connection.execute(old.limit(most)).all())

    def _told(self, work: UnitOfWork, row: Row[Any]) -> Kept:
        sealed = self.folder.find(row.file)
        picture = b64encode(work.vault.open(sealed)).decode() if sealed else None
        return {"at_ms": row.taken_ms, "media_type": row.media_type, "picture_base64": picture}

    def _delete(self, work: UnitOfWork, rows: Sequence[Row[Any]]) -> int:
        """The files first: whatever becomes of the transaction, nobody can see them any more."""
        c = photograph.c
        for row in rows:
            self.folder.remove(row.file)
            this = tuple_(c.device, c.epoch, c.sequence) == (row.device, row.epoch, row.sequence)
            gone = {"file": None, "deleted_ms": work.now_ms}
            work.connection.execute(update(photograph).where(this).values(gone))
            scope = Scope(row.organisation, frozenset({row.facility}))
            work.audit.record(scope, "photograph.deleted", subject_of(row), facility=row.facility)
        return len(rows)


def subject_of(row: Row[Any]) -> str:
    """What the audit log calls a photograph."""
    return f"photograph/{row.device}/{row.epoch}/{row.sequence}"


def _of(work: UnitOfWork, scope: Scope, telephone: str) -> Sequence[Row[Any]]:
    """With the answers of the visits in which this number was left."""
    left = {(row["device"], row["visit"]) for row, _told in contacts_of(work, scope, telephone)}
    if not left:
        return []
    answered = and_(
        photograph.c.device == response.c.device,
        photograph.c.answer_epoch == response.c.epoch,
        photograph.c.answer_sequence == response.c.sequence,
    )
    rows = select(photograph).join(response, answered)
    theirs = tuple_(response.c.device, response.c.visit).in_(sorted(left))
    kept = photograph.c.deleted_ms.is_(None)
    return work.connection.execute(rows.where(scope.rows(photograph.c), theirs, kept)).all()
