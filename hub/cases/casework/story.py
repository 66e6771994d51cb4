"""The story of a case: what happened, in order, kept for ever. Words are encrypted; codes and numbers are not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from hub.cases.events import CaseTouched
from hub.cases.tables import CaseEvent, PatientCase
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, repr=False)
class Chapter:
    """One thing that happened. `actor` is `account/5`, or `hub`."""

    id: int
    at_ms: int
    kind: str
    actor: str
    detail: Mapping[str, Any]
    words: str


def tell(
    work: UnitOfWork, scope: Scope, case: PatientCase, kind: str, *, words: str = "", **detail: Any
) -> int:
    """Add to the story and to the audit log, and have open pages read the case again; the chapter's number."""
    row = CaseEvent(
        organisation=case.organisation,
        facility=case.facility,
        case_id=case.id or 0,
        at_ms=work.now_ms,
        kind=kind,
        actor=scope.actor,
        detail=json.dumps(detail, separators=(",", ":")),
        sealed=work.vault.seal(words.encode()) if words else None,
    )
    case.changed_ms = work.now_ms
    case.version += 1
    work.session.add_all([row, case])
    work.session.flush()
    kept = {name: value for name, value in detail.items() if isinstance(value, str | int)}
    work.audit.record(scope, f"case.{kind}", f"case/{case.id}", facility=case.facility, **kept)
    work.tell(CaseTouched(case.organisation, case.facility, case.id or 0))
    return row.id or 0


def chapters(work: UnitOfWork, scope: Scope, case_id: int) -> list[Chapter]:
    """From the beginning on."""
    wanted = select(CaseEvent).where(scope.rows(CaseEvent), CaseEvent.case_id == case_id)
    return [_view(work, row) for row in work.session.exec(wanted.order_by(col(CaseEvent.id)))]


def _view(work: UnitOfWork, row: CaseEvent) -> Chapter:
    words = work.vault.open(row.sealed).decode() if row.sealed else ""
    return Chapter(row.id or 0, row.at_ms, row.kind, row.actor, json.loads(row.detail), words)
