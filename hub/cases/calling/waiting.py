"""Which patients who left their number at a terminal still wait for a call: as long as one is planned for their case.

A call that reached them, their refusal, and whatever ends the case take its plans away; see `attempts`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Table, exists, select

from hub.cases.calling.tables import CallAttempt
from hub.cases.casework.arriving import origin_of
from hub.cases.casework.statuses import Status
from hub.cases.tables import PatientCase
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork

patient_case: Table = PatientCase.__table__  # type: ignore[attr-defined]
call_attempt: Table = CallAttempt.__table__  # type: ignore[attr-defined]

_NOT_SPOKEN_TO = frozenset({Status.NEW, Status.CONTACTING})


@dataclass(frozen=True, slots=True)
class CaseOfVisit:
    """The case that a wish to be called has opened."""

    case_id: int
    waits: bool


@needs(Permission.SEE_CASES)
def cases_of_visits(
    work: UnitOfWork, scope: Scope, visits: Collection[str]
) -> dict[str, CaseOfVisit]:
    """By visit; a visit without a case is left out."""
    c, planned = patient_case.c, call_attempt.c
    is_planned = exists().where(scope.rows(planned), planned.case_id == c.id, planned.outcome == "")
    wanted = select(c.id, c.visit, c.status, is_planned).where(
        scope.rows(c), c.origin.in_(sorted(origin_of(visit) for visit in visits))
    )
    return {
        visit: CaseOfVisit(number, Status(status) in _NOT_SPOKEN_TO and planned_call)
        for number, visit, status, planned_call in work.connection.execute(wanted)
    }
