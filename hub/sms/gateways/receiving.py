"""Takes in what gateways bring: messages and reports on messages, each with effect once however often it comes.

Decides when a message is whole. What it means is decided by whoever listens to `SmsReceived`; that listener runs in the
same transaction, so a message is known to the gateway as delivered only when its answer is written too.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Table, select, update

from hub.core.jobs.ticker import Duty
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.core.upserts import insert
from hub.sms import telephones
from hub.sms.gateways import concatenation
from hub.sms.gateways.concatenation import Piece
from hub.sms.gateways.events import SmsReceived
from hub.sms.gateways.port import DeliveryReport, DeliveryState, Inbound
from hub.sms.gateways.progress import State, advance, by_carrier, known, only_in_doubt
from hub.sms.gateways.tables import SmsGateway, SmsInbound

LOOK_EVERY_S = 5.0

_REACHED = {
    DeliveryState.TAKEN: State.ACCEPTED,
    DeliveryState.SUBMITTED: State.SUBMITTED,
    DeliveryState.DELIVERED: State.DELIVERED,
    DeliveryState.FAILED: State.FAILED,
}

gateway_table: Table = SmsGateway.__table__  # type: ignore[attr-defined]
inbound_table: Table = SmsInbound.__table__  # type: ignore[attr-defined]


def receive(work: UnitOfWork, inbound: Inbound) -> bool:
    """Take in a message, or a part of one; False when it was there already, and nothing has happened."""
    part = inbound.part or concatenation.numbered(inbound.text)
    inbound = replace(
        inbound,
        sender=telephones.international(inbound.sender),
        part=part if part and 1 <= part.number <= part.total > 1 else None,
    )
    facility = _facility_of(work, inbound)
    stored = _store(work, inbound, facility)
    if stored is None:
        return False
    if inbound.part is None:
        work.tell(
            SmsReceived(
                organisation=inbound.organisation,
                facility=facility,
                gateway=inbound.gateway,
                id=stored,
                sender=inbound.sender,
                recipient=inbound.recipient,
                text=inbound.text,
                received_ms=work.now_ms,
                incomplete=False,
            )
        )
    else:
        _put_together(work, _row(work, stored))
    return True


def report(work: UnitOfWork, news: DeliveryReport) -> bool:
    """Note how far a message got; False when no message is meant, and nothing has happened.

    A report by the carrier's id may be faster than our own note of that id: whoever brings it tries again.
    """
    message = news.message
    if message is None and news.carrier_id is not None:
        message = by_carrier(work, news.organisation, news.gateway, news.carrier_id)
    if message is None and news.recipient is not None:
        key = telephones.fingerprint(work.vault, news.organisation, news.recipient)
        message = only_in_doubt(work, news.organisation, news.gateway, key)
    if message is None or not known(work, news.organisation, message):
        return False
    advance(work, message, _REACHED[news.state], news.reason)
    return True


def give_up_waiting(work: UnitOfWork, most: int = 100) -> bool:
    """Tell what there is of messages of which a part was waited for in vain; False when there was none."""
    due = inbound_table.c.due_ms <= work.now_ms
    late = select(inbound_table).where(due).order_by(inbound_table.c.due_ms).limit(most)
    rows = work.connection.execute(late).mappings().all()
    for row in rows:
        if _row(work, row["id"])["due_ms"] is not None:  # not told with an earlier one of these
            _put_together(work, row, waiting=False)
    return bool(rows)


def duties(workplace: Workplace) -> list[Duty]:
    """For the ticker: end the waiting for lost parts."""

    def step() -> bool:
        with workplace.read() as work:
            due = select(inbound_table.c.id).where(inbound_table.c.due_ms <= work.now_ms)
            if work.connection.execute(due.limit(1)).first() is None:
                return False
        with workplace.begin() as work:
            return give_up_waiting(work)

    return [Duty("sms-parts", LOOK_EVERY_S, step)]


def _facility_of(work: UnitOfWork, inbound: Inbound) -> str:
    """Which facility the gateway serves. Parts that come at once must see each other: one waits for the other here."""
    c = gateway_table.c
    wanted = select(c.facility).where(
        c.organisation == inbound.organisation, c.id == inbound.gateway
    )
    if inbound.part is not None:
        wanted = wanted.with_for_update()
    return str(work.connection.execute(wanted).scalar_one())


def _store(work: UnitOfWork, inbound: Inbound, facility: str) -> int | None:
    part = inbound.part
    personal = {"sender": inbound.sender, "recipient": inbound.recipient, "text": inbound.text}
    statement = insert(work.connection, inbound_table).values(
        organisation=inbound.organisation,
        facility=facility,
        gateway=inbound.gateway,
        carrier_id=inbound.carrier_id,
        sender=telephones.fingerprint(work.vault, inbound.organisation, inbound.sender),
        sealed=work.vault.seal(json.dumps(personal).encode()),
        received_ms=work.now_ms,
        reference=part.reference if part else None,
        part=part.number if part else None,
        total=part.total if part else None,
        due_ms=work.now_ms + concatenation.WAIT_MS if part else None,
    )
    new = statement.on_conflict_do_nothing().returning(inbound_table.c.id)
    return work.connection.execute(new).scalar_one_or_none()


def _put_together(work: UnitOfWork, row: Mapping[Any, Any], *, waiting: bool = True) -> None:
    """Tell the message that this part completes, or belongs to when the others are no longer waited for."""
    table = inbound_table.c
    same = select(inbound_table).where(
        table.organisation == row["organisation"],
        table.sender == row["sender"],
        table.reference == row["reference"],
        table.gateway == row["gateway"],
        table.total == row["total"],
        table.due_ms.is_not(None),
    )
    found = work.connection.execute(same.order_by(table.id)).mappings().all()
    pieces = [Piece(r["id"], r["part"], _personal(work, r)["text"]) for r in found]
    chosen, repeated = concatenation.first_message(pieces, row["total"])
    complete = len(chosen) == row["total"]
    if waiting and not complete:
        return
    told = [piece.id for piece in (*chosen, *repeated)] or [row["id"]]
    work.connection.execute(update(inbound_table).where(table.id.in_(told)).values(due_ms=None))
    text = concatenation.whole(chosen, row["reference"], row["total"])
    _tell(work, row, text, incomplete=not complete)


def _tell(work: UnitOfWork, row: Mapping[Any, Any], text: str, *, incomplete: bool = False) -> None:
    personal = _personal(work, row)
    work.tell(
        SmsReceived(
            organisation=row["organisation"],
            facility=row["facility"],
            gateway=row["gateway"],
            id=row["id"],
            sender=personal["sender"],
            recipient=personal["recipient"],
            text=text,
            received_ms=row["received_ms"],
            incomplete=incomplete,
        )
    )


def _row(work: UnitOfWork, inbound: int) -> Mapping[Any, Any]:
    return (
        work.connection.execute(select(inbound_table).where(inbound_table.c.id == inbound))
        .mappings()
        .one()
    )


def _personal(work: UnitOfWork, row: Mapping[Any, Any]) -> dict[str, str]:
    opened: dict[str, str] = json.loads(work.vault.open(row["sealed"]))
    return opened
