"""The deadlines of cases: started when a case opens, stopped while the patient is waited for, met by what is done.

The first call is made when somebody tried to call, the investigation when action was taken. Opened again, a case has a
new deadline for its investigation.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from sqlmodel import col, select

from hub.cases.casework import cases
from hub.cases.casework.statuses import ENDED, Status
from hub.cases.deadlines import calendars, clocks
from hub.cases.deadlines.clocks import Clock
from hub.cases.deadlines.tables import CaseDeadline
from hub.cases.events import CaseOpened, StatusChanged, TopicSet, WaitingChanged
from hub.cases.tables import PatientCase
from hub.core.hours.working_time import MINUTE_MS, Calendar, end_of_working_day, working_ms
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork

FIRST_CALL, INVESTIGATION = "first_call", "investigation"
_INVESTIGATED = frozenset(
    {
        Status.ACTION_TAKEN,
        Status.CLIENT_INFORMED,
        Status.CLOSED,
        Status.NO_CONSENT,
        Status.DUPLICATE,
    }
)
_CALLED = frozenset(Status) - {Status.NEW, Status.CONTACTING}

Change = Callable[[Clock, Calendar], Clock]


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """`used_ms` of `allowed_ms` have passed; `due_ms` None: the clock stands still, or it is met."""

    kind: str
    allowed_ms: int
    used_ms: int
    due_ms: int | None
    met_ms: int | None
    waits: bool
    overdue: bool


def start(work: UnitOfWork, event: CaseOpened) -> None:
    """`within` listener: from the moment the case opened."""
    scope = _scope(event)
    row = cases.found(work, scope, event.case_id)
    calendar = calendars.calendar_of(work, scope, event.facility)
    terms = calendars.terms_of(work, scope, event.facility)
    if event.reachable:
        _begin(work, row, calendar, FIRST_CALL, terms.first_call_minutes * MINUTE_MS)
    days = terms.days(row.topic, row.urgent)
    _begin(work, row, calendar, INVESTIGATION, _allowed(work, calendar, days))
    _show_next(work, scope, row)


def follow_topic(work: UnitOfWork, event: TopicSet) -> None:
    """`within` listener: another topic may allow another time; what was used stays used."""
    scope = _scope(event)
    row = cases.found(work, scope, event.case_id)
    calendar = calendars.calendar_of(work, scope, event.facility)
    days = calendars.terms_of(work, scope, event.facility).days(event.topic, event.urgent)
    ends = end_of_working_day(calendar, row.opened_ms, days)
    allowed = working_ms(calendar, row.opened_ms, ends)
    _change(work, scope, row, INVESTIGATION, lambda clock, _: replace(clock, allowed_ms=allowed))


def follow_status(work: UnitOfWork, event: StatusChanged) -> None:
    """`within` listener: what was to be done is done, or is to be done again."""
    scope = _scope(event)
    row = cases.found(work, scope, event.case_id)
    calendar = calendars.calendar_of(work, scope, event.facility)
    before, after = Status(event.before), Status(event.after)
    if after in _CALLED:
        meet_first_call(work, scope, row)
    if after in _INVESTIGATED:
        _meet(work, scope, row, INVESTIGATION)
    elif before in ENDED or (before in _INVESTIGATED and after is Status.INVESTIGATING):
        days = calendars.terms_of(work, scope, event.facility).days(row.topic, row.urgent)
        _begin(work, row, calendar, INVESTIGATION, _allowed(work, calendar, days))
    _show_next(work, scope, row)


def follow_waiting(work: UnitOfWork, event: WaitingChanged) -> None:
    """`within` listener: the clocks stand still exactly while the patient is waited for."""
    scope = _scope(event)
    row = cases.found(work, scope, event.case_id)
    now = work.now_ms

    def turned(clock: Clock, calendar: Calendar) -> Clock:
        return clocks.paused(clock, calendar, now) if event.waiting else clocks.resumed(clock, now)

    for kind in (FIRST_CALL, INVESTIGATION):
        _change(work, scope, row, kind, turned)


def meet_first_call(work: UnitOfWork, scope: Scope, row: PatientCase) -> None:
    """Somebody tried to call, or it was settled without."""
    _meet(work, scope, row, FIRST_CALL)


def deadlines(work: UnitOfWork, scope: Scope, case_id: int) -> list[DeadlineView]:
    """Of one case, the first call first."""
    found = []
    for stored in _rows(work, scope, case_id):
        calendar = calendars.calendar_of(work, scope, stored.facility)
        clock = clock_of(stored)
        found.append(
            DeadlineView(
                stored.kind,
                stored.allowed_ms,
                clocks.used(clock, calendar, work.now_ms),
                stored.due_ms,
                stored.met_ms,
                stored.running_ms is None and stored.met_ms is None,
                clocks.is_overdue(clock, calendar, work.now_ms),
            )
        )
    return found


def clock_of(stored: CaseDeadline) -> Clock:
    """As the rules know it."""
    return Clock(stored.allowed_ms, stored.running_ms, stored.used_ms, stored.told, stored.met_ms)


def keep(stored: CaseDeadline, clock: Clock, calendar: Calendar) -> None:
    """As it is stored, with the moments that the ticker and the lists ask for."""
    for name, value in asdict(clock).items():
        setattr(stored, name, value)
    over = clock.met_ms is not None
    stored.due_ms = None if over else clocks.moment_of(clock, calendar, 100)
    stored.next_ms = clocks.next_notice_ms(clock, calendar)


def _begin(
    work: UnitOfWork, row: PatientCase, calendar: Calendar, kind: str, allowed_ms: int
) -> None:
    stored = work.session.get(CaseDeadline, (row.id, kind)) or CaseDeadline(
        case_id=row.id or 0,
        kind=kind,
        organisation=row.organisation,
        facility=row.facility,
        allowed_ms=allowed_ms,
    )
    keep(stored, clocks.started(work.now_ms, allowed_ms), calendar)
    work.session.add(stored)
    work.session.flush()


def _meet(work: UnitOfWork, scope: Scope, row: PatientCase, kind: str) -> None:
    now = work.now_ms
    _change(work, scope, row, kind, lambda clock, calendar: clocks.met(clock, calendar, now))


def _change(work: UnitOfWork, scope: Scope, row: PatientCase, kind: str, change: Change) -> None:
    """A clock that has not been met yet."""
    stored = work.session.get(CaseDeadline, (row.id, kind))
    if stored is None or stored.met_ms is not None:
        return
    calendar = calendars.calendar_of(work, scope, row.facility)
    keep(stored, change(clock_of(stored), calendar), calendar)
    work.session.add(stored)
    work.session.flush()
    _show_next(work, scope, row)


def _show_next(work: UnitOfWork, scope: Scope, row: PatientCase) -> None:
    """The list shows the next deadline without asking for it."""
    running = [s for s in _rows(work, scope, row.id or 0) if s.due_ms is not None]
    following = min(running, key=lambda stored: stored.due_ms or 0, default=None)
    row.due_ms = following.due_ms if following else None
    row.due = following.kind if following else ""
    work.session.add(row)


def _rows(work: UnitOfWork, scope: Scope, case_id: int) -> list[CaseDeadline]:
    wanted = select(CaseDeadline).where(
        scope.rows(CaseDeadline), col(CaseDeadline.case_id) == case_id
    )
    return list(work.session.exec(wanted.order_by(col(CaseDeadline.kind))))


def _allowed(work: UnitOfWork, calendar: Calendar, days: int) -> int:
    ends = end_of_working_day(calendar, work.now_ms, days)
    return working_ms(calendar, work.now_ms, ends)


def _scope(event: CaseOpened | StatusChanged | TopicSet | WaitingChanged) -> Scope:
    return Scope(event.organisation, frozenset({event.facility}))
