"""Whoever keeps something of patients says so here: what of whom, how it is erased, and for how long it is kept.

Decides what every holder must be able to do. What there is to find is each slice's own affair; the composition root
hands all holders to whoever answers a patient's request. Answers without a person in them stay.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, RowMapping, Table, and_, delete, select, update

from hub.core.errors import BadInput
from hub.core.keys import Vault
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork

_PUNCTUATION = re.compile(r"[\s().\-/]")
_TELEPHONE = re.compile(r"(?:\+|00)([1-9]\d{6,14})")

Kept = Mapping[str, Any]
"""One thing that is kept of a person, as it is handed over: `at_ms` and whatever it holds."""


class Holder(Protocol):
    """One kind of what is kept of patients."""

    @property
    def kind(self) -> str:
        """A code."""
        ...

    @property
    def title(self) -> str:
        """What staff call it; translated when it is shown."""
        ...

    @property
    def days_kept(self) -> int:
        """Where a facility has not said otherwise."""
        ...

    def find(self, work: UnitOfWork, scope: Scope, telephone: str) -> list[Kept]:
        """All that is kept of whoever has this number."""
        ...

    def erase(self, work: UnitOfWork, scope: Scope, telephone: str) -> int:
        """The person goes; how many things that concerned."""
        ...

    def expire(self, work: UnitOfWork, scope: Scope, before_ms: int, most: int) -> int:
        """The same for what is older, whoever it is of: at most so many at once."""
        ...


def telephone(written: str) -> str:
    """E.164; BadInput where it is no number with its country."""
    found = _TELEPHONE.fullmatch(_PUNCTUATION.sub("", written.strip()))
    if found is None:
        raise BadInput(
            "telephone", _("Write the number with its country, such as +34 600 111 222.")
        )
    return f"+{found[1]}"


@dataclass(frozen=True, slots=True)
class SealedRows:
    """A holder of one table whose rows are found by a fingerprint of the telephone and hold something sealed.

    `blank` takes the place of what was sealed, and the row stays; None: the row goes.
    """

    kind: str
    title: str
    days_kept: int
    table: Table
    person: str
    at: str
    blank: bytes | None

    def find(self, work: UnitOfWork, scope: Scope, telephone: str) -> list[Kept]:
        rows = work.connection.execute(
            select(self.table)
            .where(self._of(work, scope, telephone))
            .order_by(self.table.c[self.at])
        ).mappings()
        return [{"at_ms": row[self.at], **self._told(work.vault, row)} for row in rows]

    def erase(self, work: UnitOfWork, scope: Scope, telephone: str) -> int:
        return self._let_go(work, self._of(work, scope, telephone))

    def expire(self, work: UnitOfWork, scope: Scope, before_ms: int, most: int) -> int:
        c, key = self.table.c, next(iter(self.table.primary_key))
        old = (
            select(key)
            .where(scope.rows(c), c[self.at] < before_ms, c[self.person] != "")
            .limit(most)
        )
        return self._let_go(work, key.in_(old))

    def _of(self, work: UnitOfWork, scope: Scope, telephone: str) -> ColumnElement[bool]:
        mark = fingerprint(work.vault, scope.organisation, telephone)
        return and_(scope.rows(self.table.c), self.table.c[self.person] == mark)

    def _let_go(self, work: UnitOfWork, rows: ColumnElement[bool]) -> int:
        if self.blank is None:
            return work.connection.execute(delete(self.table).where(rows)).rowcount
        nobody = {self.person: "", "sealed": work.vault.seal(self.blank)}
        return work.connection.execute(update(self.table).where(rows).values(nobody)).rowcount

    def _told(self, vault: Vault, row: RowMapping) -> Kept:
        clear = vault.open(row["sealed"]).decode()
        try:
            told = json.loads(clear)
        except ValueError:
            told = clear
        return told if isinstance(told, dict) else {"text": clear}


def fingerprint(vault: Vault, organisation: str, telephone: str) -> str:
    """How the rows of one telephone are marked, in every slice alike."""
    return vault.fingerprint(f"{organisation}\n{telephone}")


Holders = Sequence[Holder]
