"""The statistics of a period, read from the cases, their stories and their labour."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlmodel import col, select

from hub.cases.casework import cases
from hub.cases.casework.statuses import Status
from hub.cases.deadlines.tables import CaseDeadline
from hub.cases.labour.tables import CaseLabour
from hub.cases.statistics import counting
from hub.cases.statistics.counting import GROUPS, Row
from hub.cases.tables import CaseEvent, PatientCase
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Report:
    """One table: `by` is topic, employee, touchpoint or stage; the cases are those opened in the period."""

    by: str
    from_ms: int
    until_ms: int
    rows: list[Row]
    total: Row
    finished_steps: int
    """Cases whose whole checklist is done."""


@needs(Permission.SEE_CASES)
def report(work: UnitOfWork, scope: Scope, by: str, from_ms: int, until_ms: int) -> Report:
    """Of the cases opened in the period."""
    inside = (
        scope.rows(PatientCase),
        col(PatientCase.opened_ms).between(from_ms, until_ms - 1),
    )
    found = [cases.view(row) for row in work.session.exec(select(PatientCase).where(*inside))]
    numbers = select(PatientCase.id).where(*inside).scalar_subquery()
    minutes: Counter[int] = Counter()
    labour = select(CaseLabour.case_id, CaseLabour.minutes).where(
        scope.rows(CaseLabour), col(CaseLabour.case_id).in_(numbers)
    )
    for case_id, spent in work.session.exec(labour):
        minutes[case_id] += spent
    late = select(CaseDeadline.case_id).where(
        scope.rows(CaseDeadline),
        col(CaseDeadline.case_id).in_(numbers),
        (col(CaseDeadline.used_ms) > col(CaseDeadline.allowed_ms))
        | (col(CaseDeadline.due_ms) <= work.now_ms),
    )
    rows = counting.table(
        found,
        GROUPS[by],
        labour=minutes,
        reached=_reached(work, scope, numbers),
        late=work.session.exec(late),
    )
    finished = sum(len(case.steps) == len(cases.STEPS) for case in found)
    work.audit.record(scope, "statistics.read", f"statistics/{by}")
    return Report(by, from_ms, until_ms, rows, counting.total(rows), finished)


def _reached(work: UnitOfWork, scope: Scope, numbers) -> dict[int, dict[Status, int]]:  # type: ignore[no-untyped-def]
    """When each case first had each status."""
    wanted = select(CaseEvent.case_id, CaseEvent.at_ms, CaseEvent.detail).where(
        scope.rows(CaseEvent), col(CaseEvent.kind) == "status", col(CaseEvent.case_id).in_(numbers)
    )
    found: dict[int, dict[Status, int]] = defaultdict(dict)
    for case_id, at_ms, detail in work.session.exec(wanted.order_by(col(CaseEvent.id))):
        found[case_id].setdefault(Status(json.loads(detail)["after"]), at_ms)
    return found
