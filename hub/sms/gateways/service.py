"""What those who write messages ask of the gateways: put a message, take it back, know how far it got.

A message is a row written in its author's transaction; it is its own job, because the order per telephone, the rate of
a gateway and the doubt after a broken connection are more than a queue of jobs knows. `dispatching` works it off.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import insert, select

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms import telephones
from hub.sms.gateways.progress import State, advance, outgoing
from hub.sms.gateways.tables import SmsOutgoing
from hub.sms.parts import parts_of

_NEW = insert(outgoing)


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
    urgent: bool = False
    """It waits for no earlier message to the same telephone."""


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
    message = uuid4().hex
    row = SmsOutgoing(
        id=message,
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
        urgent=draft.urgent,
        via=draft.via,
        state_ms=work.now_ms,
    )
    work.connection.execute(_NEW, row.model_dump(exclude={"number"}))
    return message


def withdraw(work: UnitOfWork, scope: Scope, subject: str, reason: str) -> int:
    """Withhold what waits for a subject; how many messages. What is being handed over cannot be taken back."""
    table = outgoing.c
    held = select(table.id).where(
        scope.rows(table), table.subject == subject, table.state == State.WAITING
    )
    waiting = work.connection.scalars(held).all()
    return sum(advance(work, message, State.WITHHELD, reason) for message in waiting)


def settle(work: UnitOfWork, scope: Scope, message: str, *, send: bool) -> bool:
    """A person decides about a message of which nobody knows whether it went: send it (again), or leave it.

    False when it has settled itself meanwhile, or is not of this scope.
    """
    known = select(outgoing.c.id).where(scope.rows(outgoing.c), outgoing.c.id == message)
    if work.connection.execute(known).first() is None:
        return False
    if send:
        return advance(work, message, State.WAITING, since=(State.UNRESOLVED,))
    return advance(work, message, State.WITHHELD, "decided", since=(State.UNRESOLVED,))


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
