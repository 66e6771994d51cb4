"""What those who write messages ask of the gateways: put a message, take it back, know how far it got.

A message is a row written in its author's transaction; it is its own job, because the order per telephone, the rate of
a gateway and the doubt after a broken connection are more than a queue of jobs knows. `dispatching` works it off.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Table, select, update

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms import telephones
from hub.sms.gateways.tables import SmsOutgoing
from hub.sms.parts import parts_of

outgoing: Table = SmsOutgoing.__table__  # type: ignore[attr-defined]


class State(StrEnum):
    """How far an outgoing message got."""

    WAITING = "waiting"
    SENDING = "sending"
    """Being handed over; if nobody notes the outcome it becomes unknown."""
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    """A gateway has it."""
    SUBMITTED = "submitted"
    """The telephone network has it."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """The network gave it up."""
    REFUSED = "refused"
    """No gateway takes it."""
    WITHHELD = "withheld"
    """It may not go out: an opt-out, a stopped campaign; or its author took it back."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be sent to an E.164 number. `purpose` and `subject` are the author's and come back in events."""

    recipient: str
    text: str
    purpose: str
    subject: str
    via: str = ""
    """The gateway to prefer, because the patient wrote by it."""
    not_before_ms: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a message got. `reason` is a code without personal data."""

    id: str
    purpose: str
    subject: str
    state: State
    reason: str
    parts: int
    created_ms: int
    state_ms: int


def put(work: UnitOfWork, scope: Scope, facility: str, draft: Draft) -> str:
    """Have a message sent once this transaction is durable; its id. Those to one telephone go out in this order."""
    if not scope.covers(scope.organisation, facility):
        raise ValueError("a message is put for a facility of its author's scope")
    recipient = telephones.international(draft.recipient)
    row = SmsOutgoing(
        id=uuid4().hex,
        organisation=scope.organisation,
        facility=facility,
        recipient=telephones.fingerprint(work.vault, scope.organisation, recipient),
        sealed=work.vault.seal(json.dumps({"recipient": recipient, "text": draft.text}).encode()),
        purpose=draft.purpose,
        subject=draft.subject,
        parts=parts_of(draft.text).parts,
        state=State.WAITING,
        created_ms=work.now_ms,
        due_ms=max(work.now_ms, draft.not_before_ms),
        via=draft.via,
        state_ms=work.now_ms,
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def withdraw(work: UnitOfWork, scope: Scope, subject: str, reason: str) -> int:
    """Withhold what waits for a subject; how many messages. What is being handed over cannot be taken back."""
    taken = (
        update(outgoing)
        .where(scope.rows(outgoing.c), outgoing.c.subject == subject)
        .where(outgoing.c.state == State.WAITING)
        .values(state=State.WITHHELD, reason=reason, state_ms=work.now_ms)
    )
    return work.connection.execute(taken).rowcount


def progress(work: UnitOfWork, scope: Scope, subjects: Collection[str]) -> list[Progress]:
    """The messages of these subjects, in the order they were put."""
    table = outgoing.c
    found = (
        select(outgoing)
        .where(scope.rows(table), table.subject.in_(sorted(subjects)))
        .order_by(table.number)
    )
    return [
        Progress(
            row.id,
            row.purpose,
            row.subject,
            State(row.state),
            row.reason,
            row.parts,
            row.created_ms,
            row.state_ms,
        )
        for row in work.connection.execute(found)
    ]
