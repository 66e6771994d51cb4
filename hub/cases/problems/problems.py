"""Problems: what is done about complaints that repeat themselves, and whether it helped.

A problem is closed only once a corrective action was taken, a standard has a new version, and a check has compared the
rates before and after. When one is opened is decided in `signals`.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from hub.cases.problems import cusum, effectiveness
from hub.cases.problems.effectiveness import Comparison
from hub.cases.problems.signals import CLOSED, DAY_MS, OPEN, Kind, count
from hub.cases.problems.tables import Problem, ProblemCase, Standard
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork

ACTING, STANDARD, CHECKED = "acting", "standard", "checked"


@dataclass(frozen=True, slots=True)
class ProblemView:
    """`checked` holds the rates before and after, once they were compared."""

    id: int
    facility: str
    topic: str
    unit: str
    why: str
    state: str
    opened_ms: int
    action: str
    owner: int | None
    due: date | None
    done_ms: int | None
    standard: str | None
    standard_version: int | None
    checked: dict[str, Any] | None
    closed_ms: int | None
    cases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardView:
    """How something is to be done, in one version."""

    facility: str
    id: str
    version: int
    title: str
    text: str
    problem: int | None
    by: str
    at_ms: int


@needs(Permission.SEE_CASES)
def problems(work: UnitOfWork, scope: Scope, *, closed: bool = False) -> list[ProblemView]:
    """The newest first; those that are closed only when asked for."""
    wanted = select(Problem).where(scope.rows(Problem))
    if not closed:
        wanted = wanted.where(Problem.state != CLOSED)
    rows = work.session.exec(wanted.order_by(col(Problem.id).desc()).limit(200))
    return [_view(row) for row in rows]


@needs(Permission.SEE_CASES)
def problem(work: UnitOfWork, scope: Scope, number: int) -> ProblemView:
    """With its cases; NotFound."""
    row = _found(work, scope, number)
    wanted = select(ProblemCase.case_id).where(
        scope.rows(ProblemCase), ProblemCase.problem == number
    )
    return _view(row, tuple(sorted(work.session.exec(wanted))))


@needs(Permission.DIRECT_CASES)
def plan_action(
    work: UnitOfWork, scope: Scope, number: int, action: str, *, owner: int, due: date
) -> ProblemView:
    """What is to be done, by whom and when."""
    row = _found(work, scope, number, lock=True)
    if not action.strip():
        raise BadInput("action", _("Please fill this in."))
    _refuse_closed(row)
    row.action, row.owner, row.due = action.strip(), owner, due
    row.state = ACTING if row.state == OPEN else row.state
    return _kept(work, scope, row, "planned")


@needs(Permission.DIRECT_CASES)
def finish_action(work: UnitOfWork, scope: Scope, number: int) -> ProblemView:
    """It was done; the days after are counted from now on."""
    row = _found(work, scope, number, lock=True)
    _refuse_closed(row)
    if not row.action:
        raise Conflict(_("Plan what is to be done first."), field="action")
    row.done_ms = work.now_ms
    return _kept(work, scope, row, "done")


@needs(Permission.DIRECT_CASES)
def write_standard(
    work: UnitOfWork, scope: Scope, number: int, standard: str, *, title: str, text: str
) -> StandardView:
    """The next version of a standard, because of a problem; none before it is changed."""
    row = _found(work, scope, number, lock=True)
    _refuse_closed(row)
    if not title.strip() or not text.strip():
        raise BadInput("text", _("Please fill this in."))
    known = versions(work, scope, row.facility, standard)
    stored = Standard(
        organisation=row.organisation,
        facility=row.facility,
        id=standard,
        version=known[0].version + 1 if known else 1,
        title=title.strip(),
        text=text.strip(),
        problem=number,
        by=scope.actor,
        at_ms=work.now_ms,
    )
    work.session.add(stored)
    row.standard, row.standard_version, row.state = standard, stored.version, STANDARD
    _kept(work, scope, row, "standard_written")
    return _standard(stored)


@needs(Permission.SEE_CASES)
def versions(
    work: UnitOfWork, scope: Scope, facility: str, standard: str | None = None
) -> list[StandardView]:
    """The standards of a facility, or one of them: the newest version first."""
    wanted = select(Standard).where(scope.within(facility).rows(Standard))
    if standard is not None:
        wanted = wanted.where(Standard.id == standard)
    return [
        _standard(row) for row in work.session.exec(wanted.order_by(col(Standard.version).desc()))
    ]


@needs(Permission.DIRECT_CASES)
def check(work: UnitOfWork, scope: Scope, number: int) -> Comparison:
    """Rates before and after the action, over as many days on both sides; kept with the problem."""
    row = _found(work, scope, number, lock=True)
    _refuse_closed(row)
    if row.done_ms is None or row.standard is None:
        raise Conflict(_("Finish the action and write the standard first."), field="state")
    days = min((work.now_ms - row.done_ms) // DAY_MS, cusum.BASELINE_DAYS)
    if days < effectiveness.LEAST_DAYS:
        raise Conflict(
            _("Wait until %(days)s days have passed since the action.")
            % {"days": effectiveness.LEAST_DAYS},
            field="state",
        )
    span, kind = days * DAY_MS, Kind(row.facility, row.topic, row.unit)
    counted = [
        count(work, scope, kind, start, start + span) for start in (row.done_ms - span, row.done_ms)
    ]
    found = effectiveness.compared(counted[0], days, counted[1], days)
    kept = asdict(found) | {"verdict": found.verdict, "at_ms": work.now_ms}
    kept["high"] = min(found.high, 1e6)  # without complaints before, the ratio has no upper end
    row.checked, row.state = json.dumps(kept), CHECKED
    _kept(work, scope, row, "checked")
    return found


@needs(Permission.DIRECT_CASES)
def close(work: UnitOfWork, scope: Scope, number: int) -> ProblemView:
    """Conflict (409) before its effect was checked."""
    row = _found(work, scope, number, lock=True)
    _refuse_closed(row)
    if not row.checked:
        raise Conflict(_("A problem is closed only after its effect was checked."), field="state")
    row.state, row.closed_ms = CLOSED, work.now_ms
    return _kept(work, scope, row, "closed")


def _kept(work: UnitOfWork, scope: Scope, row: Problem, what: str) -> ProblemView:
    work.session.add(row)
    work.session.flush()
    work.audit.record(scope, f"problem.{what}", f"problem/{row.id}", facility=row.facility)
    return _view(row)


def _found(work: UnitOfWork, scope: Scope, number: int, *, lock: bool = False) -> Problem:
    wanted = select(Problem).where(scope.rows(Problem), Problem.id == number)
    row = work.session.exec(wanted.with_for_update() if lock else wanted).first()
    if row is None:
        raise NotFound(_("There is no such problem."))
    return row


def _refuse_closed(row: Problem) -> None:
    if row.state == CLOSED:
        raise Conflict(_("This problem is closed."), field="state")


def _view(row: Problem, cases: tuple[int, ...] = ()) -> ProblemView:
    told = row.model_dump(exclude={"organisation", "checked", "id"})
    checked = json.loads(row.checked) if row.checked else None
    return ProblemView(id=row.id or 0, checked=checked, cases=cases, **told)


def _standard(row: Standard) -> StandardView:
    return StandardView(**row.model_dump(exclude={"organisation"}))
