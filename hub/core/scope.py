"""Which organisation's and facilities' rows somebody may see: a required argument of every service function."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, true


@dataclass(frozen=True, slots=True)
class Scope:
    """`facilities` None means every facility of the organisation."""

    organisation: str
    facilities: frozenset[str] | None = None

    def covers(self, organisation: str, facility: str) -> bool:
        """Whether a row of that organisation and facility may be seen."""
        if organisation != self.organisation:
            return False
        return self.facilities is None or facility in self.facilities

    def rows(self, table: Any) -> ColumnElement[bool]:
        """The condition that leaves only rows of this scope; `table` has `organisation` and `facility` columns."""
        inside = true() if self.facilities is None else table.facility.in_(sorted(self.facilities))
        return and_(table.organisation == self.organisation, inside)
