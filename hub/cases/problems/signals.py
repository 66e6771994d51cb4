"""When complaints that repeat themselves become a problem: three of one topic and place within 30 days, or a signal of
their counts. While a problem of the kind is open, further complaints join it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from hub.cases.casework.statuses import Status
from hub.cases.events import TopicSet
from hub.cases.problems import cusum
from hub.cases.problems.tables import Problem, ProblemCase
from hub.cases.tables import PatientCase
from hub.cases.topics.taxonomy import Topic
from hub.core.bulk import insert_new
from hub.core.jobs.ticker import Duty
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace

DAY_MS = 24 * 3600 * 1000
REPEATS = 3
WITHIN_DAYS = 30
LOOK_EVERY_S = 900.0
OPEN, CLOSED = "open", "closed"
_NO_COMPLAINTS = frozenset({"", Topic.PRAISE, Topic.OTHER})


@dataclass(frozen=True, slots=True)
class Kind:
    """What is complained of, and where: `unit` is a touchpoint, or empty."""

    facility: str
    topic: str
    unit: str


class ProblemWatch:
    """Looks whether complaints have become more frequent than chance explains."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("case-problems", LOOK_EVERY_S, self.step)]

    def step(self) -> bool:
        """Open what signals; never more to do at once."""
        with self._workplace.read() as work:
            known = [(_inside(organisation, kind), kind) for organisation, kind in _kinds(work)]
            rising = [(s, k) for s, k in known if cusum.has_become_more(daily(work, s, k))]
        for scope, kind in rising:
            with self._workplace.begin() as work:
                _open(work, scope, kind, "rise")
        return False


def follow_topic(work: UnitOfWork, event: TopicSet) -> None:
    """`within` listener: the third complaint of a kind opens a problem, later ones join it."""
    if event.topic in _NO_COMPLAINTS:
        return
    kind = Kind(event.facility, event.topic, event.unit)
    scope = _inside(event.organisation, kind)
    known = _current(work, scope, kind)
    if known is not None:
        _join(work, scope, known)
    elif len(_recent(work, scope, kind)) >= REPEATS:
        _open(work, scope, kind, "repeated")


def count(work: UnitOfWork, scope: Scope, kind: Kind, from_ms: int, until_ms: int) -> int:
    """Complaints of a kind opened in a span."""
    opened = col(PatientCase.opened_ms).between(from_ms, until_ms - 1)
    wanted = select(func.count()).where(*_of_kind(scope, kind), opened)
    return work.session.exec(wanted).one()


def daily(work: UnitOfWork, scope: Scope, kind: Kind) -> list[int]:
    """Complaints of each of the last days, the last one last; from the facility's first case on at the earliest."""
    earliest = select(func.min(PatientCase.opened_ms)).where(scope.rows(PatientCase))
    first = work.session.exec(earliest).one() or work.now_ms
    days = min(cusum.BASELINE_DAYS + cusum.MONTH_DAYS, (work.now_ms - first) // DAY_MS + 1)
    opened = select(PatientCase.opened_ms).where(
        *_of_kind(scope, kind), col(PatientCase.opened_ms) > work.now_ms - days * DAY_MS
    )
    ago = Counter((work.now_ms - at_ms) // DAY_MS for at_ms in work.session.exec(opened))
    return [ago[day] for day in reversed(range(days))]


def _open(work: UnitOfWork, scope: Scope, kind: Kind, why: str) -> None:
    """Once: while one of the kind is open there is no other."""
    if _current(work, scope, kind) is not None:
        return
    row = Problem(
        organisation=scope.organisation,
        facility=kind.facility,
        topic=kind.topic,
        unit=kind.unit,
        why=why,
        state=OPEN,
        opened_ms=work.now_ms,
    )
    work.session.add(row)
    work.session.flush()
    work.audit.record(scope, "problem.opened", f"problem/{row.id}", facility=kind.facility)
    _join(work, scope, row)


def _join(work: UnitOfWork, scope: Scope, row: Problem) -> None:
    columns = ("problem", "case_id", "organisation", "facility")
    place = (row.organisation, row.facility)
    recent = _recent(work, scope, Kind(row.facility, row.topic, row.unit))
    rows = [(row.id, case, *place) for case in recent]
    insert_new(work.connection, ProblemCase.__table__, columns, rows)  # type: ignore[attr-defined]


def _inside(organisation: str, kind: Kind) -> Scope:
    return Scope(organisation, frozenset({kind.facility}))


def _current(work: UnitOfWork, scope: Scope, kind: Kind) -> Problem | None:
    wanted = select(Problem).where(
        scope.rows(Problem),
        Problem.topic == kind.topic,
        Problem.unit == kind.unit,
        Problem.state != CLOSED,
    )
    return work.session.exec(wanted).first()


def _of_kind(scope: Scope, kind: Kind) -> Sequence[ColumnElement[bool]]:
    return (
        scope.within(kind.facility).rows(PatientCase),
        col(PatientCase.topic) == kind.topic,
        func.coalesce(PatientCase.touchpoint, "") == kind.unit,
        col(PatientCase.status) != Status.DUPLICATE,
    )


def _recent(work: UnitOfWork, scope: Scope, kind: Kind) -> list[int]:
    since = work.now_ms - WITHIN_DAYS * DAY_MS
    wanted = select(PatientCase.id).where(
        *_of_kind(scope, kind), col(PatientCase.opened_ms) >= since
    )
    return [number for number in work.session.exec(wanted) if number is not None]


def _kinds(work: UnitOfWork) -> list[tuple[str, Kind]]:
    """What was complained of lately, in every organisation: the hub's own duty."""
    c = PatientCase
    since = work.now_ms - cusum.MONTH_DAYS * DAY_MS
    wanted = select(c.organisation, c.facility, c.topic, c.touchpoint).where(
        col(c.opened_ms) >= since, col(c.topic).is_not(None)
    )
    rows = work.session.exec(wanted.distinct())
    return [(o, Kind(f, t, u or "")) for o, f, t, u in rows if t and t not in _NO_COMPLAINTS]
