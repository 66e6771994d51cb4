"""How far an outgoing message got: its states, which may follow which, and the news of it."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import Table, select, update

from hub.core.unit_of_work import UnitOfWork
from hub.sms.gateways.events import SmsStateChanged
from hub.sms.gateways.tables import SmsOutgoing

outgoing: Table = SmsOutgoing.__table__  # type: ignore[attr-defined]


class State(StrEnum):
    """How far an outgoing message got."""

    WAITING = "waiting"
    SENDING = "sending"
    """Being handed over; if nobody notes the outcome it becomes unknown."""
    UNKNOWN = "unknown"
    """It may have gone out or not; its gateway is being asked."""
    UNRESOLVED = "unresolved"
    """Nobody could say, and a person has been told."""
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


_OPEN = (State.SENDING, State.UNKNOWN, State.UNRESOLVED)
_SINCE: dict[State, tuple[State, ...]] = {
    State.WAITING: _OPEN,
    State.UNKNOWN: (State.SENDING,),
    State.UNRESOLVED: (State.UNKNOWN,),
    State.ACCEPTED: _OPEN,
    State.REFUSED: _OPEN,
    State.WITHHELD: (State.WAITING, State.UNRESOLVED),
    State.SUBMITTED: (*_OPEN, State.ACCEPTED),
    State.DELIVERED: (*_OPEN, State.ACCEPTED, State.SUBMITTED, State.FAILED),
    State.FAILED: (*_OPEN, State.ACCEPTED, State.SUBMITTED),
}
"""From which states each is reached: reports come in any order, and no message goes back but one that never left."""


def advance(
    work: UnitOfWork,
    message: str,
    state: State,
    reason: str = "",
    *,
    since: Collection[State] | None = None,
) -> bool:
    """Bring a message into a state that may follow its own, and tell it; False when it may not follow."""
    table = outgoing.c
    changed = (
        update(outgoing)
        .where(table.id == message, table.state.in_(since or _SINCE[state]))
        .values(state=state, reason=reason, state_ms=work.now_ms, free_ms=work.now_ms)
        .returning(table.organisation, table.facility, table.purpose, table.subject)
    )
    row = work.connection.execute(changed).first()
    if row is None:
        return False
    work.tell(
        SmsStateChanged(
            row.organisation,
            row.facility,
            message,
            row.purpose,
            row.subject,
            state.value,
            work.now_ms,
        )
    )
    return True


def known(work: UnitOfWork, organisation: str, message: str) -> bool:
    """Whether it is a message of this organisation."""
    table = outgoing.c
    found = select(table.number).where(table.id == message, table.organisation == organisation)
    return work.connection.execute(found).first() is not None


def by_carrier(work: UnitOfWork, organisation: str, gateway: str, carrier_id: str) -> str | None:
    """Our id of the message that a gateway calls so."""
    table = outgoing.c
    found = select(table.id).where(
        table.gateway == gateway,
        table.carrier_id == carrier_id,
        table.organisation == organisation,
    )
    return work.connection.execute(found).scalar()


def only_in_doubt(work: UnitOfWork, organisation: str, gateway: str, recipient: str) -> str | None:
    """The message to a telephone (its fingerprint) that a gateway may have and whose name there is not known.

    None if there are several.
    """
    table = outgoing.c
    doubtful = select(table.id).where(
        table.organisation == organisation,
        table.recipient == recipient,
        table.gateway == gateway,
        table.carrier_id.is_(None),
        table.state.in_(_OPEN),
    )
    found = work.connection.scalars(doubtful.limit(2)).all()
    return found[0] if len(found) == 1 else None
