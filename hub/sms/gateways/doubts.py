"""Messages of which nobody knows whether they went: the hub, or the connection, ended while one was handed over.

They are never simply sent again. A delivery report settles them (`receiving`); until it comes the gateway is asked, and
only one that certainly never had the message lets it wait anew. After a while a person is told, once.
"""

import json
from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import select, update

from hub.core.clock import Clock
from hub.core.jobs.ticker import Duty
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.sms.gateways import registry
from hub.sms.gateways.dispatching import note
from hub.sms.gateways.events import SmsUnresolved
from hub.sms.gateways.port import Accepted, Doubt, Finding, GatewayDown, Name, Outgoing
from hub.sms.gateways.progress import State, advance, outgoing
from hub.sms.gateways.registry import OpenGateways

log = structlog.get_logger()

LOOK_EVERY_S = 2.0
ASK_AGAIN_MS = 20_000
TELL_AFTER_MS = 15 * 60_000


class Doubts:
    """Settles what can be settled."""

    def __init__(
        self,
        workplace: Workplace,
        clock: Clock,
        gateways: OpenGateways,
        tell_after_ms: int = TELL_AFTER_MS,
    ) -> None:
        self._workplace = workplace
        self._clock = clock
        self._gateways = gateways
        self._tell_after_ms = tell_after_ms

    def duties(self) -> list[Duty]:
        """For the ticker."""
        return [Duty("sms-doubts", LOOK_EVERY_S, self.step)]

    def step(self) -> bool:
        """Deal with one message; False when none is due."""
        with self._workplace.read() as work:
            if not _due(work, lock=False):
                return False
        with self._workplace.begin() as work:
            row = next(iter(_due(work, lock=True)), None)
            if row is None:
                return False
            advance(work, row["id"], State.UNKNOWN, "cut_off", since=(State.SENDING,))
            later = work.now_ms + ASK_AGAIN_MS
            leased = update(outgoing).where(outgoing.c.number == row["number"])
            work.connection.execute(leased.values(free_ms=later))
            way = registry.find(work, Name(row["organisation"], row["gateway"]))
            personal = json.loads(work.vault.open(row["sealed"]))
            doubt = Doubt(row["sent_ms"], _later_reported(work, row))
        finding, carrier_id = Finding.CANNOT_TELL, None
        if way is not None:
            message = Outgoing(row["id"], personal["recipient"], personal["text"])
            try:
                finding, carrier_id = self._gateways.gateway(way).inquire(message, doubt)
            except GatewayDown as down:
                log.warning("sms_gateway_down", gateway=way.name.id, reason=str(down))
        with self._workplace.begin() as work:
            self._conclude(work, row, finding, carrier_id)
        return True

    def _conclude(
        self, work: UnitOfWork, row: Mapping[Any, Any], finding: Finding, carrier_id: str | None
    ) -> None:
        if finding is Finding.THERE:
            note(work, row["id"], Accepted(carrier_id))
        elif finding is Finding.ABSENT:
            advance(work, row["id"], State.WAITING, "never_taken", since=(State.UNKNOWN,))
        elif work.now_ms - row["sent_ms"] >= self._tell_after_ms and advance(
            work, row["id"], State.UNRESOLVED, row["reason"]
        ):
            work.tell(
                SmsUnresolved(
                    row["organisation"],
                    row["facility"],
                    row["id"],
                    row["purpose"],
                    row["subject"],
                    row["sent_ms"],
                )
            )


def _due(work: UnitOfWork, *, lock: bool) -> list[Mapping[Any, Any]]:
    """The message in doubt that has waited longest, if it is time."""
    table = outgoing.c
    doubtful = table.state.in_([State.SENDING, State.UNKNOWN]), table.free_ms <= work.now_ms
    first = select(outgoing).where(*doubtful).order_by(table.free_ms).limit(1)
    if lock:
        first = first.with_for_update(skip_locked=True)
    return list(work.connection.execute(first).mappings())


def _later_reported(work: UnitOfWork, row: Mapping[Any, Any]) -> bool:
    table = outgoing.c
    reported = select(table.number).where(
        table.organisation == row["organisation"],
        table.gateway == row["gateway"],
        table.sent_ms > row["sent_ms"],
        table.state.in_([State.SUBMITTED, State.DELIVERED, State.FAILED]),
    )
    return work.connection.execute(reported.limit(1)).first() is not None
