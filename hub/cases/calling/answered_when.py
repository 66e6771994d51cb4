"""Replies to the SMS that asks when to call: read into a wish, with which the calls are planned anew."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from hub.cases.calling import attempts
from hub.cases.calling.wishes import read_wish
from hub.cases.casework import person
from hub.cases.casework.statuses import ENDED
from hub.cases.deadlines import calendars
from hub.cases.tables import CaseEvent, PatientCase
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.gateways.events import SmsReceived

WAITED_MS = 10 * 86_400_000
"""So long after the question a reply belongs to it."""


def received(work: UnitOfWork, event: SmsReceived) -> None:
    """`within` listener: the newest open case of this telephone in which it was asked."""
    mark = person.mark_of(work.vault, event.organisation, event.sender)
    asked = (
        select(PatientCase)
        .join(CaseEvent, col(CaseEvent.case_id) == col(PatientCase.id))
        .where(
            Scope(event.organisation).rows(PatientCase),
            col(PatientCase.person).is_not(None),
            col(PatientCase.person) == mark,
            col(PatientCase.status).not_in(ENDED),
            CaseEvent.kind == "asked_when",
            CaseEvent.at_ms > work.now_ms - WAITED_MS,
        )
    )
    row = work.session.exec(asked.order_by(col(PatientCase.id).desc()).limit(1)).first()
    if row is None:
        return
    scope = Scope(row.organisation, frozenset({row.facility}))
    zone = ZoneInfo(calendars.calendar_of(work, scope, row.facility).time_zone)
    wished = read_wish(
        event.text, datetime.fromtimestamp(work.now_ms / 1000, UTC).astimezone(zone).date()
    )
    if wished is not None:
        attempts.wish(work, scope, row.id or 0, wished)
