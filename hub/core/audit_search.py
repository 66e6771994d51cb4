"""Looking into the audit log: the newest entries first, those of one's own facilities alone.

What concerns the organisation as a whole has no facility, and is shown to whoever sees all of them.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from hub.core.audit.chain import Entry
from hub.core.audit.log import entries as table
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork

MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; empty and None leave it open."""

    action: str = ""
    """The whole name of one, or what comes before its first point: `case`, `case.read`."""
    actor: str = ""
    subject: str = ""
    """As it stands there, or what it begins with: `case/17`."""
    from_ms: int | None = None
    until_ms: int | None = None


@needs(Permission.SEE_AUDIT)
def entries(
    work: UnitOfWork, scope: Scope, sought: Sought, limit: int = 100, before: int | None = None
) -> list[Entry]:
    """The newest that are meant, or those before a number."""
    wanted = select(*(table.c[name] for name in Entry.__dataclass_fields__))
    wanted = wanted.where(scope.rows(table.c), *_conditions(sought))
    if before is not None:
        wanted = wanted.where(table.c.number < before)
    rows = work.connection.execute(wanted.order_by(table.c.number.desc()).limit(limit))
    return [Entry(**row) for row in rows.mappings()]


@needs(Permission.SEE_AUDIT)
def exported(work: UnitOfWork, scope: Scope, sought: Sought) -> list[Entry]:
    """For a file; that somebody took it away is an entry, too."""
    found = entries(work, scope, sought, MOST_EXPORTED)
    work.audit.record(scope, "audit.exported", "audit", count=len(found))
    return found


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    c: Any = table.c
    found: list[ColumnElement[bool]] = []
    if "." in sought.action:
        found.append(c.action == sought.action)
    elif sought.action:
        found.append(c.action.startswith(f"{sought.action}.", autoescape=True))
    if sought.actor:
        found.append(c.actor == sought.actor)
    if sought.subject:
        below = c.subject.startswith(f"{sought.subject.rstrip('/')}/", autoescape=True)
        found.append((c.subject == sought.subject) | below)
    if sought.from_ms is not None:
        found.append(c.at_ms >= sought.from_ms)
    if sought.until_ms is not None:
        found.append(c.at_ms < sought.until_ms)
    return found
