"""Telling the staff that time runs out: at 80, 100 and 150 percent, each time one step further up.

On the page always; by e-mail where an address is known, and by SMS from 100 percent on. None of them says more than the
number of the case. Whoever is complained about is passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlmodel import col, select

from hub.cases.casework import workers
from hub.cases.casework.suggesting import is_conflicted
from hub.cases.casework.workers import Reach, Worker
from hub.cases.deadlines import calendars, clocks
from hub.cases.deadlines.running import FIRST_CALL, clock_of, keep
from hub.cases.deadlines.tables import CaseDeadline, CaseNotice
from hub.cases.events import CaseTouched, ColleaguesConcerned
from hub.cases.tables import PatientCase
from hub.core.jobs.ticker import Duty
from hub.core.mail.outgoing import Mail, put_mail
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.sms.gateways import service as sms

LOOK_EVERY_S = 5.0
TOGETHER = 50
BY_SMS_FROM = 100
PURPOSE = "case-notice"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Something to be seen: `kind` is a deadline, `mention` or `assigned`."""

    id: int
    facility: str
    case_id: int
    kind: str
    percent: int
    at_ms: int


class DeadlineWatch:
    """Looks for deadlines of which somebody must be told."""

    def __init__(self, workplace: Workplace, address: str) -> None:
        self._workplace = workplace
        self._address = address.rstrip("/")

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("case-deadlines", LOOK_EVERY_S, self.step)]

    def step(self) -> bool:
        """Tell of what is due; whether there may be more."""
        with self._workplace.read() as work:
            if not _due(work, 1, lock=False):
                return False
        with self._workplace.begin() as work:
            found = _due(work, TOGETHER, lock=True)
            for stored in found:
                self._tell(work, stored)
        return len(found) == TOGETHER

    def _tell(self, work: UnitOfWork, stored: CaseDeadline) -> None:
        scope = Scope(stored.organisation, frozenset({stored.facility}))
        calendar = calendars.calendar_of(work, scope, stored.facility)
        clock = clock_of(stored)
        percent = clocks.next_notice(clock)
        row = work.session.get(PatientCase, stored.case_id)
        if percent is None or row is None:
            stored.next_ms = None
            return
        place = (row.organisation, row.facility, row.id or 0)
        people = workers.workers(work, scope, stored.facility)
        present = workers.present(work, scope, stored.facility, people)
        for worker in chain(people, row, percent, present):
            reach = workers.reach_of(work, scope, worker.account)
            _notify(work, place, worker.account, stored.kind, percent)
            self._send(work, row, stored.kind, percent, reach)
        keep(stored, replace(clock, told=percent), calendar)
        work.session.add(stored)
        work.audit.record(
            scope, "case.deadline_notice", f"case/{row.id}", facility=row.facility, percent=percent
        )
        work.tell(CaseTouched(*place))

    def _send(
        self, work: UnitOfWork, row: PatientCase, kind: str, percent: int, reach: Reach
    ) -> None:
        text = sentence(row.id or 0, kind, percent)
        if reach.email:
            put_mail(work, Mail(reach.email, text, f"{text}\n\n{self._address}/cases/{row.id}\n"))
        if reach.phone and percent >= BY_SMS_FROM:
            draft = sms.Draft(reach.phone, text, PURPOSE, f"case/{row.id}/{kind}/{percent}")
            sms.put(work, Scope(row.organisation), row.facility, draft)


def sentence(case_id: int, kind: str, percent: int) -> str:
    """What the notice says, in a line."""
    what = _("First call") if kind == FIRST_CALL else _("Investigation")
    return _("Case %(case)s: %(what)s, %(percent)s %% of the time is used.") % {
        "case": case_id,
        "what": what,
        "percent": percent,
    }


def chain(
    people: list[Worker], row: PatientCase, percent: int, present: Mapping[int, Worker]
) -> list[Worker]:
    """Who hears of it: whoever is responsible, and the steps of the chain up to this percentage.

    For somebody away whoever acts for them hears of it; where nobody does, they do.
    """
    step = clocks.NOTICES.index(percent) + 1
    meant = [w for w in people if w.account == row.responsible or 0 < w.rank <= step]
    told = {one.account: one for w in meant for one in [present.get(w.account, w)]}
    return [one for one in told.values() if not is_conflicted(one.employee, row.employee)]


def show_to_colleagues(work: UnitOfWork, event: ColleaguesConcerned) -> None:
    """`within` listener: it stands on their pages, and on those of whoever acts for them."""
    scope = Scope(event.organisation, frozenset({event.facility}))
    people = workers.workers(work, scope, event.facility)
    present = workers.present(work, scope, event.facility, people)
    acting = {present[account].account for account in event.accounts if account in present}
    for account in sorted(event.accounts | acting):
        _notify(work, (event.organisation, event.facility, event.case_id), account, event.why)


def _notify(
    work: UnitOfWork, place: tuple[str, str, int], account: int, kind: str, percent: int = 0
) -> None:
    organisation, facility, case_id = place
    work.session.add(
        CaseNotice(
            organisation=organisation,
            facility=facility,
            account=account,
            case_id=case_id,
            kind=kind,
            percent=percent,
            at_ms=work.now_ms,
        )
    )


@needs(Permission.SEE_CASES)
def notices(work: UnitOfWork, scope: Scope, account: int, limit: int = 20) -> list[NoticeView]:
    """One's own that are not seen yet, the newest first."""
    wanted = select(CaseNotice).where(
        scope.rows(CaseNotice), CaseNotice.account == account, col(CaseNotice.seen_ms).is_(None)
    )
    rows = work.session.exec(wanted.order_by(col(CaseNotice.id).desc()).limit(limit))
    return [
        NoticeView(row.id or 0, row.facility, row.case_id, row.kind, row.percent, row.at_ms)
        for row in rows
    ]


@needs(Permission.SEE_CASES)
def see(work: UnitOfWork, scope: Scope, account: int, case_id: int | None = None) -> None:
    """One's own notices, of one case or of all, have been seen."""
    wanted = select(CaseNotice).where(
        scope.rows(CaseNotice), CaseNotice.account == account, col(CaseNotice.seen_ms).is_(None)
    )
    if case_id is not None:
        wanted = wanted.where(CaseNotice.case_id == case_id)
    for row in work.session.exec(wanted):
        row.seen_ms = work.now_ms
        work.session.add(row)


def _due(work: UnitOfWork, most: int, *, lock: bool) -> list[CaseDeadline]:
    """Of every organisation: the hub's own duty."""
    wanted = select(CaseDeadline).where(
        col(CaseDeadline.next_ms).is_not(None), col(CaseDeadline.next_ms) <= work.now_ms
    )
    wanted = wanted.order_by(col(CaseDeadline.next_ms)).limit(most)
    if lock:
        wanted = wanted.with_for_update(skip_locked=True)
    return list(work.session.exec(wanted))
