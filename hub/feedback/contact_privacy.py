"""Wishes to be called, for whoever answers a patient's request: found by opening them all, since few ever ask."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Table, and_, delete, or_, select

from hub.core.privacy.holders import Kept
from hub.core.scope import Scope
from hub.core.texts import N_
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.tables import Contact

contact: Table = Contact.__table__  # type: ignore[attr-defined]

_KEY = (contact.c.device, contact.c.epoch, contact.c.sequence)


@dataclass(frozen=True, slots=True)
class ContactHolder:
    """See `core.privacy.holders.Holder`. A wish that goes leaves its answer behind; a replay does not bring it back."""

    kind: str = "contacts"
    title: str = N_("Wishes to be called")
    days_kept: int = 180

    def find(self, work: UnitOfWork, scope: Scope, telephone: str) -> list[Kept]:
        return [
            {"at_ms": row["occurred_ms"], "consent": row["consent_text"] or row["consent"], **told}
            for row, told in contacts_of(work, scope, telephone)
        ]

    def erase(self, work: UnitOfWork, scope: Scope, telephone: str) -> int:
        return _delete(work, [row for row, _told in contacts_of(work, scope, telephone)])

    def expire(self, work: UnitOfWork, scope: Scope, before_ms: int, most: int) -> int:
        old = select(contact).where(scope.rows(contact.c), contact.c.occurred_ms < before_ms)
        return _delete(work, list(work.connection.execute(old.limit(most)).mappings()))


def contacts_of(
    work: UnitOfWork, scope: Scope, telephone: str
) -> Iterator[tuple[RowMapping, dict[str, Any]]]:
    """Every wish with this number, and what was sealed in it."""
    wanted = select(contact).where(scope.rows(contact.c)).order_by(contact.c.occurred_ms)
    for row in work.connection.execute(wanted).mappings().all():
        told = json.loads(work.vault.open(row["sealed"]))
        if told.get("phone") == telephone:
            yield row, told


def _delete(work: UnitOfWork, rows: list[RowMapping]) -> int:
    if not rows:
        return 0
    these = [and_(*(column == row[column.name] for column in _KEY)) for row in rows]
    return work.connection.execute(delete(contact).where(or_(*these))).rowcount
