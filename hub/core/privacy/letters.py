"""Dead letters, for whoever answers a patient's request: what could not be stored may hold a number all the same.

A letter in which the number stands is emptied; that it came, and why it was not stored, stays.
"""

from dataclasses import dataclass

from sqlalchemy import select

from hub.core.dead_letters import empty, letters, naming
from hub.core.privacy.holders import Kept
from hub.core.scope import Scope
from hub.core.texts import N_
from hub.core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class LetterHolder:
    """See `holders.Holder`."""

    kind: str = "dead_letters"
    title: str = N_("Dead letters")
    days_kept: int = 365

    def find(self, work: UnitOfWork, scope: Scope, telephone: str) -> list[Kept]:
        return [
            {"at_ms": letter.received_ms, "text": letter.payload.decode("utf-8", "replace")}
            for letter in naming(work, scope, telephone.removeprefix("+"))
        ]

    def erase(self, work: UnitOfWork, scope: Scope, telephone: str) -> int:
        found = [letter.id for letter in naming(work, scope, telephone.removeprefix("+"))]
        return empty(work, letters.c.id.in_(found))

    def expire(self, work: UnitOfWork, scope: Scope, before_ms: int, most: int) -> int:
        c = letters.c
        old = select(c.id).where(scope.rows(c), c.received_ms < before_ms, c.size > 0)
        return empty(work, c.id.in_(old.limit(most)))
