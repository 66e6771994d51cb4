"""The latest outcome of each check of each terminal: reported by the terminal, or found by the hub itself."""

from typing import Any

from sqlalchemy import Table, case, select

from contract.messages import HealthReported, Stamp
from contract.topics import DeviceAddress
from hub.core.arrivals import Arrival
from hub.core.unit_of_work import UnitOfWork
from hub.core.upserts import insert
from hub.fleet.tables import HealthFact

health_fact: Table = HealthFact.__table__  # type: ignore[attr-defined]

CLOCK_OFFSET = "clock_offset"
OFF_MS = 10_000
"""A message is a second or two on its way; what is further off is the clock's fault."""
FAR_OFF_MS = 120_000
"""From here on times are not believed any more (`rules.LIVE_TOLERANCE_MS`)."""


def record_health(work: UnitOfWork, arrivals: list[Arrival[HealthReported]]) -> None:
    """Keep the latest outcome of each check."""
    latest: dict[tuple[str, str], Arrival[HealthReported]] = {}
    for arrival in arrivals:
        key = (arrival.address.device, arrival.message.check)
        if key not in latest or latest[key].occurred_ms <= arrival.occurred_ms:
            latest[key] = arrival
    for _device, check in sorted(latest):
        arrival = latest[_device, check]
        told = arrival.message.model_dump(include={"status", "value", "unit", "detail"})
        told["reason"] = arrival.message.reason or ""
        _put(work, arrival.address, check, told, arrival.occurred_ms)


def note_clock(work: UnitOfWork, address: DeviceAddress, now_there: Stamp, now_ms: int) -> None:
    """A connected terminal said what its clock shows now. Kept where it is off, or was."""
    off_ms = now_there.wall_ms - now_ms
    status = (
        "failure" if abs(off_ms) >= FAR_OFF_MS else "warning" if abs(off_ms) >= OFF_MS else "ok"
    )
    if not now_there.synchronised:
        status = "ok"  # the terminal says itself that nobody has set its clock
    if status == "ok" and not _is_wrong(work, address.device):
        return
    told = {
        "status": status,
        "value": off_ms / 1000,
        "unit": "s",
        "detail": "" if status == "ok" else "The terminal's clock and the hub's are apart.",
        "reason": "" if status == "ok" else "off",
    }
    _put(work, address, CLOCK_OFFSET, told, now_ms)


def _is_wrong(work: UnitOfWork, device: str) -> bool:
    c = health_fact.c
    known = select(c.status).where(c.device == device, c.check == CLOCK_OFFSET)
    return work.connection.execute(known).scalar_one_or_none() not in {None, "ok"}


def _put(
    work: UnitOfWork, address: DeviceAddress, check: str, told: dict[str, Any], at_ms: int
) -> None:
    place = {"organisation": address.organisation, "facility": address.facility}
    values = told | place | {"at_ms": at_ms, "since_ms": at_ms}
    statement = insert(work.connection, health_fact).values(
        device=address.device, check=check, **values
    )
    newer: dict[str, Any] = {name: statement.excluded[name] for name in values}
    same = health_fact.c.status == statement.excluded.status
    newer["since_ms"] = case((same, health_fact.c.since_ms), else_=statement.excluded.since_ms)
    statement = statement.on_conflict_do_update(
        index_elements=["device", "check"],
        set_=newer,
        where=health_fact.c.at_ms <= statement.excluded.at_ms,
    )
    work.connection.execute(statement)
