"""Sends what waits: a few messages at a time and thread, each marked as being sent before it is handed over.

Decides the order (per telephone, by when they were due; an urgent one waits for nobody), the gateway (the preferred one
while it is up, then by rank), its rate, and what follows from the outcome. A message that its gateway has certainly
not taken waits again, in its place; one of which this is not known goes to `doubts` and is never simply sent again.
Whether it may go out at all is asked of the `Clearance` each time.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select, update

from hub.core.clock import Clock
from hub.core.jobs.ticker import Duty
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.sms.gateways import pacing, registry
from hub.sms.gateways.clearance import Clearance, Go, NotBefore, Waiting
from hub.sms.gateways.port import Accepted, GatewayDown, Name, Outgoing, Refused, Sent, Unknown
from hub.sms.gateways.progress import State, advance, outgoing
from hub.sms.gateways.registry import OpenGateways, Way
from hub.sms.gateways.tables import SmsGateway

log = structlog.get_logger()

THREADS = 4
"""So that a gateway that is slow to answer holds no other up."""
LOOK_EVERY_S = 0.2
IN_A_ROW = 20
AT_ONCE = 5
"""Messages marked in one transaction, each to another telephone; so many are in doubt when this process is killed."""
LOOKED_AT = 50
"""Messages considered for one that may go."""
LEASE_MS = 60_000
"""Longer than any gateway takes to answer."""
HANDED_OVER_WITHIN_S = 10.0
"""A process that was asleep between marking and sending does not send: others may have concluded otherwise."""


_LOOKED_FOR = (
    "number", "id", "organisation", "facility", "sealed", "purpose", "subject", "via", "attempts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message marked as being sent by this gateway."""

    message: Outgoing
    way: Way
    claimed_s: float


Outcome = tuple[Claimed, Sent | GatewayDown]


class Dispatcher:
    """Works off the messages of all organisations."""

    def __init__(
        self, workplace: Workplace, clock: Clock, gateways: OpenGateways, clearance: Clearance
    ) -> None:
        self._workplace = workplace
        self._clock = clock
        self._gateways = gateways
        self._clearance = clearance

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty(f"sms-{n}", LOOK_EVERY_S, self.step) for n in range(1, THREADS + 1)]

    def step(self) -> bool:
        """Send messages, one after the other; False when none may go now.

        The outcomes of some and the marks on the next are one transaction: commits are what takes time.
        """
        if not self._something_is_due():
            return False
        with self._workplace.begin() as work:
            claimed, changed = self._claim(work)
        for more in range(IN_A_ROW, 0, -1):
            if not claimed:
                return changed
            outcomes = self._hand_over_all(claimed)
            with self._workplace.begin() as work:
                _settle(work, outcomes)
                claimed, changed = self._claim(work) if more > 1 else ([], True)
        return True

    def _something_is_due(self) -> bool:
        with self._workplace.read() as work:
            return bool(_candidates(work, registry.ways(work), 1))

    def _claim(self, work: UnitOfWork) -> tuple[list[Claimed], bool]:
        """The first messages that may go now, marked; and whether something changed for others meanwhile."""
        ways = {way.name: way for way in registry.ways(work, lock=True)}
        claimed: list[Claimed] = []
        changed = False
        for row in _candidates(work, list(ways.values()), LOOKED_AT):
            if len(claimed) == AT_ONCE:
                break
            way = _chosen(row, ways.values(), work.now_ms)
            if way is None or not _may_send(way, work.now_ms):
                continue
            changed = True
            personal = json.loads(work.vault.open(row["sealed"]))
            verdict = self._clearance(work, _waiting(row, personal["recipient"]))
            if isinstance(verdict, Go):
                ways[way.name] = _mark(work, row, way)
                message = Outgoing(row["id"], personal["recipient"], personal["text"])
                claimed.append(Claimed(message, way, time.monotonic()))
            elif isinstance(verdict, NotBefore):
                later = max(verdict.at_ms, work.now_ms + 1)
                _change(work, row, due_ms=later, free_ms=later)
            else:
                advance(work, row["id"], State.WITHHELD, verdict.reason)
        return claimed, changed

    def _hand_over_all(self, claimed: list[Claimed]) -> list[Outcome]:
        """What became of each; a gateway that is down is not tried with the others."""
        down: dict[Name, GatewayDown] = {}
        outcomes: list[Outcome] = []
        for one in claimed:
            outcome = down.get(one.way.name) or self._hand_over(one)
            if isinstance(outcome, GatewayDown):
                down[one.way.name] = outcome
            outcomes.append((one, outcome))
        return outcomes

    def _hand_over(self, claimed: Claimed) -> Sent | GatewayDown:
        gateway = self._gateways.gateway(claimed.way)
        if time.monotonic() - claimed.claimed_s > HANDED_OVER_WITHIN_S:
            return GatewayDown("asleep_before_sending", retry_after_s=0)
        try:
            return gateway.send(claimed.message)
        except GatewayDown as down:
            return down
        except Exception as error:
            log.exception("sms_gateway_failed", gateway=claimed.way.name.id)
            return Unknown(type(error).__name__)


def _settle(work: UnitOfWork, outcomes: list[Outcome]) -> None:
    """Note what was taken; what was not waits again, in its place."""
    down: dict[Name, GatewayDown] = {}
    works: set[Name] = set()
    for claimed, outcome in outcomes:
        if isinstance(outcome, GatewayDown):
            advance(work, claimed.message.id, State.WAITING, str(outcome), since=(State.SENDING,))
            down[claimed.way.name] = outcome
        else:
            note(work, claimed.message.id, outcome)
            if claimed.way.failures:
                works.add(claimed.way.name)
    for name in works:
        _gateway_changes(work, name, failures=0, down_until_ms=0)
    for name, why in down.items():
        _leave_alone(work, name, why)


def _leave_alone(work: UnitOfWork, name: Name, down: GatewayDown) -> None:
    """For a while, and longer after each failure."""
    gateway = work.session.get(SmsGateway, (name.organisation, name.id), with_for_update=True)
    if gateway is not None:
        gateway.failures += 1
        asked = down.retry_after_s
        pause = pacing.pause_ms(gateway.failures) if asked is None else int(asked * 1000)
        gateway.down_until_ms = work.now_ms + pause
        work.session.flush()
    log.warning("sms_gateway_down", gateway=name.id, reason=str(down))


def note(work: UnitOfWork, message: str, outcome: Sent) -> None:
    """Write down what became of a message that was being sent. A report may have been faster."""
    match outcome:
        case Accepted(carrier_id):
            if carrier_id is not None:
                identified = update(outgoing).where(outgoing.c.id == message)
                work.connection.execute(identified.values(carrier_id=carrier_id))
            advance(work, message, State.ACCEPTED)
        case Refused(reason):
            advance(work, message, State.REFUSED, reason)
        case Unknown(reason):
            advance(work, message, State.UNKNOWN, reason)


def _candidates(work: UnitOfWork, ways: list[Way], most: int) -> Sequence[Mapping[Any, Any]]:
    """Messages that are due, whose gateway takes one now, and that need wait for no earlier one to their telephone."""
    free = {
        (way.name.organisation, way.facility)
        for way in ways
        if way.down_until_ms <= work.now_ms and _may_send(way, work.now_ms)
    }
    if not free:
        return []
    wanted = _waiting_for(tuple(sorted(free)))
    told = {"now_ms": work.now_ms, "most": most}
    return [
        row
        for urgent in (True, False)
        for row in work.connection.execute(wanted, {**told, "urgent": urgent}).mappings()
    ]


def _may_send(way: Way, now_ms: int) -> bool:
    return pacing.may_send(way.busy_until_us, way.per_second, now_ms)


@lru_cache(maxsize=64)
def _waiting_for(served: tuple[tuple[str, str], ...]) -> Select[Any]:
    """What waits for these organisations' facilities ("" is all of one's); made once, because it is asked so often."""
    mine, earlier = outgoing.c, outgoing.alias("earlier")
    before = or_(
        earlier.c.due_ms < mine.due_ms,
        and_(earlier.c.due_ms == mine.due_ms, earlier.c.number < mine.number),
    )
    unfinished = earlier.c.state.in_([State.WAITING, State.SENDING, State.UNKNOWN])
    blocked = exists().where(earlier.c.recipient == mine.recipient, unfinished, before)
    return (
        select(*[mine[name] for name in _LOOKED_FOR])
        .where(
            mine.state == State.WAITING,
            mine.urgent == bindparam("urgent"),
            mine.due_ms <= bindparam("now_ms"),
            mine.free_ms <= bindparam("now_ms"),
            or_(*[_at(organisation, facility) for organisation, facility in served]),
            or_(mine.urgent, ~blocked),
        )
        .order_by(mine.due_ms, mine.number)
        .limit(bindparam("most"))
    )


def _at(organisation: str, facility: str) -> ColumnElement[bool]:
    whole = outgoing.c.organisation == organisation
    return and_(whole, outgoing.c.facility == facility) if facility else whole


def _chosen(row: Mapping[Any, Any], ways: Iterable[Way], now_ms: int) -> Way | None:
    serving = [
        way
        for way in ways
        if way.down_until_ms <= now_ms and way.serves(row["organisation"], row["facility"])
    ]
    return min(
        serving, key=lambda way: (way.name.id != row["via"], way.rank, way.name.id), default=None
    )


def _waiting(row: Mapping[Any, Any], recipient: str) -> Waiting:
    return Waiting(
        row["organisation"], row["facility"], row["id"], recipient, row["purpose"], row["subject"]
    )


def _mark(work: UnitOfWork, row: Mapping[Any, Any], way: Way) -> Way:
    """The gateway as it is with one message more."""
    _change(
        work,
        row,
        state=State.SENDING,
        state_ms=work.now_ms,
        free_ms=work.now_ms + LEASE_MS,
        gateway=way.name.id,
        part_price=str(way.part_price),
        attempts=row["attempts"] + 1,
        sent_ms=work.now_ms,
        reason="",
    )
    busy = pacing.after_sending(way.busy_until_us, way.per_second, work.now_ms)
    _gateway_changes(work, way.name, busy_until_us=busy)
    return replace(way, busy_until_us=busy)


def _change(work: UnitOfWork, row: Mapping[Any, Any], **values: object) -> None:
    changed = update(outgoing).where(outgoing.c.number == row["number"]).values(values)
    work.connection.execute(changed)


def _gateway_changes(work: UnitOfWork, name: Name, **values: int) -> None:
    table = SmsGateway.__table__.c  # type: ignore[attr-defined]
    this = and_(table.organisation == name.organisation, table.id == name.id)
    work.connection.execute(update(table.id.table).where(this).values(values))
