"""The ledger of telephones that want no messages: asked at the moment of sending by everything that sends.

Lines are only ever added; the last one counts, for the whole organisation.
"""

from sqlalchemy import Table, select

from hub.core.clock import as_datetime
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.engine.ledger import Entry, is_stopped
from hub.sms.people.tables import SmsOptOut

BY_SMS = "sms"

opt_out: Table = SmsOptOut.__table__  # type: ignore[attr-defined]


def note(
    work: UnitOfWork, scope: Scope, facility: str, recipient: str, *, stopped: bool, source: str
) -> None:
    """Add a line; one that says what the ledger says already is not added."""
    if has_stopped(work, scope.organisation, recipient) is stopped:
        return
    work.session.add(
        SmsOptOut(
            organisation=scope.organisation,
            facility=facility,
            recipient=recipient,
            stopped=stopped,
            source=source,
            at_ms=work.now_ms,
        )
    )
    work.session.flush()


def has_stopped(work: UnitOfWork, organisation: str, recipient: str) -> bool:
    """Whether nothing may be sent to this telephone (its fingerprint)."""
    c = opt_out.c
    lines = select(c.at_ms, c.stopped).where(
        c.organisation == organisation, c.recipient == recipient
    )
    return is_stopped(
        Entry(as_datetime(at_ms), stopped) for at_ms, stopped in work.connection.execute(lines)
    )
