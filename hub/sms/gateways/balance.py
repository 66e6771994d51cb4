"""What each gateway was given and what became of it, and the messages of which only a person can decide.

Counts messages by their last state and by the gateway that they were last handed to.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.sms.gateways.progress import State, outgoing

_NOT_ARRIVED = {State.FAILED, State.REFUSED}
_TAKEN = {State.ACCEPTED, State.SUBMITTED, State.DELIVERED, State.FAILED}
_DOUBTFUL = {State.UNKNOWN, State.UNRESOLVED}


@dataclass(frozen=True, slots=True)
class Balance:
    """Messages of one gateway; those delivered and not arrived were `sent`, `parts` are what it bills."""

    sent: int
    delivered: int
    not_arrived: int
    doubtful: int
    parts: int


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A message of which nobody knows whether it went out."""

    id: str
    facility: str
    gateway: str
    purpose: str
    subject: str
    sent_ms: int


NOTHING = Balance(0, 0, 0, 0, 0)


def balances(work: UnitOfWork, scope: Scope, since_ms: int) -> dict[str, Balance]:
    """Of each gateway that was given anything since then."""
    c = outgoing.c
    wanted = select(c.gateway, c.state, func.count(), func.sum(c.parts)).where(
        scope.rows(c), c.sent_ms >= since_ms
    )
    counts: dict[str, Counter[str]] = {}
    parts: Counter[str] = Counter()
    for gateway, state, count, of_parts in work.connection.execute(
        wanted.group_by(c.gateway, c.state)
    ):
        counts.setdefault(gateway, Counter())[state] += count
        parts[gateway] += of_parts if state in _TAKEN else 0
    return {
        gateway: Balance(
            sent=sum(states[state] for state in _TAKEN),
            delivered=states[State.DELIVERED],
            not_arrived=sum(states[state] for state in _NOT_ARRIVED),
            doubtful=sum(states[state] for state in _DOUBTFUL),
            parts=parts[gateway],
        )
        for gateway, states in counts.items()
    }


def waiting(work: UnitOfWork, scope: Scope) -> int:
    """How many messages could go out now and have not."""
    c = outgoing.c
    wanted = select(func.count()).where(
        scope.rows(c), c.state == State.WAITING, c.due_ms <= work.now_ms
    )
    return int(work.connection.execute(wanted).scalar_one())


def unresolved(
    work: UnitOfWork, scope: Scope, most: int = 50, *, subjects: Collection[str] | None = None
) -> list[Unresolved]:
    """The oldest first; of these subjects alone where some are given."""
    c = outgoing.c
    wanted = select(c.id, c.facility, c.gateway, c.purpose, c.subject, c.sent_ms).where(
        scope.rows(c), c.state == State.UNRESOLVED
    )
    if subjects is not None:
        wanted = wanted.where(c.subject.in_(sorted(subjects)))
    rows = work.connection.execute(wanted.order_by(c.number).limit(most))
    return [Unresolved(*row) for row in rows]
