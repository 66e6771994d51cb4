"""Calls to a patient: planned when a case opens, logged with what came of them, planned anew after each.

After some unanswered calls an SMS asks when to call; what the patient answers becomes the wish that the plan begins
with. Whoever was reached, or does not want to be called, is not called again.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from hub.cases.calling.planning import Part, Wish, part_of, plan
from hub.cases.calling.tables import CallAttempt
from hub.cases.casework import by_sms, cases, person, story
from hub.cases.casework.cases import take_step
from hub.cases.casework.person import opened
from hub.cases.casework.statuses import ENDED, Status
from hub.cases.deadlines import calendars
from hub.cases.deadlines.running import meet_first_call
from hub.cases.events import CaseOpened, StatusChanged
from hub.cases.tables import PatientCase
from hub.core.errors import BadInput, Conflict, Forbidden
from hub.core.hours.working_time import Calendar, days_off
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.sms.events import CallDecided
from hub.sms.gateways import service as sms

ASKS_WHEN_AFTER = 3
"""Unanswered calls."""
PURPOSE = "case-when-to-call"
_SUNDAY = 6

_WHEN: dict[str, str] = {
    "en": "We tried to call you about your visit. When may we call? Reply with a day and an hour.",
    "es": "Le hemos llamado por su visita. Cuando podemos llamarle? Responda con dia y hora.",
    "ca": "Li hem trucat per la seva visita. Quan li podem trucar? Respongui amb dia i hora.",
    "ru": "Мы звонили Вам о визите. Когда Вам удобно? Ответьте: день и час.",
}
"""To patients, in their own language and within one part of an SMS."""


class Outcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    LATER = "later"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"


_UNANSWERED = frozenset({Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BUSY})
_FINAL = frozenset({Outcome.REACHED, Outcome.REFUSED, Outcome.WRONG_NUMBER})


@dataclass(frozen=True, slots=True)
class AttemptView:
    """`outcome` empty: only planned."""

    id: int
    case_id: int
    facility: str
    part: str
    at_ms: int
    wished: bool
    outcome: str
    by: str


def plan_calls(work: UnitOfWork, event: CaseOpened) -> None:
    """`within` listener."""
    if event.reachable:
        scope = Scope(event.organisation, frozenset({event.facility}))
        _plan(work, scope, cases.found(work, scope, event.case_id), None)


def follow_status(work: UnitOfWork, event: StatusChanged) -> None:
    """`within` listener: nobody is called about what has ended, or who does not want it."""
    after = Status(event.after)
    if after in ENDED | {Status.NO_CONSENT, Status.UNREACHABLE, Status.CLIENT_INFORMED}:
        scope = Scope(event.organisation, frozenset({event.facility}))
        _forget_plans(work, scope, event.case_id)


def follow_refusal(work: UnitOfWork, event: CallDecided) -> None:
    """`within` listener: whoever said by SMS that they do not want to be called is not."""
    row = None if event.may_call else by_sms.case_of(work, event.of)
    if row is not None:
        scope = Scope(row.organisation, frozenset({row.facility}))
        _forget_plans(work, scope, row.id or 0)
        meet_first_call(work, scope, row)


@needs(Permission.HANDLE_CASES)
def log_call(
    work: UnitOfWork,
    scope: Scope,
    case_id: int,
    outcome: Outcome,
    *,
    wish: Wish | None = None,
    note: str = "",
) -> list[AttemptView]:
    """What came of a call made now; the calls that are still planned. The labour is said with the change of status."""
    row = cases.found(work, scope, case_id, lock=True)
    if person.hidden_from(work, scope, row):
        raise Forbidden(_("This complaint concerns you. Who made it is not shown to you."))
    if outcome is Outcome.LATER and wish is None:
        raise BadInput("wish", _("Please enter when they want to be called."))
    there = _local(work.now_ms, calendars.calendar_of(work, scope, row.facility))
    key = there.weekday(), part_of(there.time())
    work.session.add(_attempt(row, key, work.now_ms, outcome, scope.actor))
    take_step(row, "called")
    story.tell(work, scope, row, "call", words=note, outcome=outcome.value)
    meet_first_call(work, scope, row)
    _forget_plans(work, scope, case_id)
    if outcome not in _FINAL:
        _plan(work, scope, row, wish)
    if outcome in _UNANSWERED and _unanswered(work, scope, case_id) == ASKS_WHEN_AFTER:
        _ask_when(work, scope, row)
    return attempts(work, scope, case_id)


@needs(Permission.HANDLE_CASES)
def wish(work: UnitOfWork, scope: Scope, case_id: int, wished: Wish) -> list[AttemptView]:
    """The patient said when to call; the plan begins there."""
    row = cases.found(work, scope, case_id, lock=True)
    if Status(row.status) in ENDED:
        raise Conflict(_("Nothing is waited for in this case any more."), field="status")
    story.tell(work, scope, row, "call_wished")
    _forget_plans(work, scope, case_id)
    _plan(work, scope, row, wished)
    return attempts(work, scope, case_id)


@needs(Permission.SEE_CASES)
def attempts(work: UnitOfWork, scope: Scope, case_id: int) -> list[AttemptView]:
    """Calls made, then those planned."""
    rows = work.session.exec(_rows(scope, case_id).order_by(col(CallAttempt.at_ms)))
    return [_view(row) for row in rows]


@needs(Permission.HANDLE_CASES)
def due(work: UnitOfWork, scope: Scope, until_ms: int, limit: int = 100) -> list[AttemptView]:
    """Calls planned until then, the earliest first: the next of each case."""
    wanted = select(CallAttempt).where(
        scope.rows(CallAttempt), CallAttempt.outcome == "", CallAttempt.at_ms <= until_ms
    )
    first: dict[int, AttemptView] = {}
    for row in work.session.exec(wanted.order_by(col(CallAttempt.at_ms)).limit(limit)):
        first.setdefault(row.case_id, _view(row))
    return list(first.values())


def _plan(work: UnitOfWork, scope: Scope, row: PatientCase, wished: Wish | None) -> None:
    calendar = calendars.calendar_of(work, scope, row.facility)
    now = _local(work.now_ms, calendar)
    tried = [(a.weekday, Part(a.part)) for a in work.session.exec(_rows(scope, row.id or 0))]
    off = days_off(calendar, now.year) | days_off(calendar, now.year + 1)

    def may_call(day: date) -> bool:
        return day.weekday() != _SUNDAY and day not in off

    for number, slot in enumerate(plan(now, wish=wished, tried=tried, may_call=may_call)):
        at_ms = int(slot.at.timestamp() * 1000)
        planned = _attempt(row, slot.key, at_ms)
        planned.wished = wished is not None and number == 0
        work.session.add(planned)
    work.session.flush()


def _ask_when(work: UnitOfWork, scope: Scope, row: PatientCase) -> None:
    phone = opened(work.vault, row.sealed).phone
    text = _WHEN.get(row.language or "", _WHEN["en"])
    sms.put(work, scope, row.facility, sms.Draft(phone, text, PURPOSE, f"case/{row.id}"))
    story.tell(work, scope, row, "asked_when")


def _unanswered(work: UnitOfWork, scope: Scope, case_id: int) -> int:
    made = work.session.exec(_rows(scope, case_id))
    return sum(1 for attempt in made if attempt.outcome in _UNANSWERED)


def _forget_plans(work: UnitOfWork, scope: Scope, case_id: int) -> None:
    planned = (col(CallAttempt.case_id) == case_id, col(CallAttempt.outcome) == "")
    work.session.exec(delete(CallAttempt).where(scope.rows(CallAttempt), *planned))


def _rows(scope: Scope, case_id: int) -> SelectOfScalar[CallAttempt]:
    return select(CallAttempt).where(scope.rows(CallAttempt), col(CallAttempt.case_id) == case_id)


def _attempt(
    row: PatientCase, key: tuple[int, Part], at_ms: int, outcome: str = "", by: str = ""
) -> CallAttempt:
    weekday, part = key
    return CallAttempt(
        organisation=row.organisation,
        facility=row.facility,
        case_id=row.id or 0,
        weekday=weekday,
        part=part,
        at_ms=at_ms,
        outcome=outcome,
        by=by,
    )


def _view(row: CallAttempt) -> AttemptView:
    return AttemptView(
        row.id or 0, row.case_id, row.facility, row.part, row.at_ms, row.wished, row.outcome, row.by
    )


def _local(at_ms: int, calendar: Calendar) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(calendar.time_zone))
