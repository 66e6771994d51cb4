"""The ledger rows of a batch: read and locked together, changed in memory, written back together."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Table, bindparam, select, update

from contract.documents import Confirmation
from contract.messages import Range
from contract.topics import DeviceAddress
from hub.core.arrivals import Arrival
from hub.core.bulk import append, insert_new
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.rules import Coverage, ranges_of
from hub.fleet.tables import Device, JournalEntry, Ledger

CONFIRMED_RANGES = 500
"""The most that one confirmation names beyond its cumulative part."""

ledger: Table = Ledger.__table__  # type: ignore[attr-defined]
journal: Table = JournalEntry.__table__  # type: ignore[attr-defined]
device: Table = Device.__table__  # type: ignore[attr-defined]

_JOURNAL = ("device", "epoch", "sequence", "digest")
_NEW = tuple(column.name for column in ledger.c)
_CHANGING = (
    "highest",
    "contiguous",
    "beyond",
    "received",
    "dropped",
    "duplicates",
    "forks",
    "last_seen_ms",
)


Key = tuple[str, int]
"""Device and epoch."""


@dataclass(slots=True)
class LedgerState:
    """A ledger row while a unit of work changes it."""

    device: str
    epoch: int
    coverage: Coverage
    highest: int
    received: int
    dropped: int
    duplicates: int
    forks: int
    last_seen_ms: int


def load(work: UnitOfWork, keys: dict[Key, DeviceAddress]) -> dict[Key, LedgerState]:
    """The rows of these (device, epoch), made where they are missing, locked until the work is done."""
    if not keys:
        return {}
    found = _select(work, list(keys))
    missing = sorted(key for key in keys if key not in found)
    if missing:
        zeroes = (0, 0, "[]", 0, 0, 0, 0, work.now_ms, work.now_ms)
        rows = [(*key, keys[key].organisation, keys[key].facility, *zeroes) for key in missing]
        insert_new(work.connection, ledger, _NEW, rows)
        found.update(_select(work, missing))
    return found


def save(work: UnitOfWork, states: Iterable[LedgerState]) -> None:
    """Write the rows back."""
    rows = [
        {
            "b_device": state.device,
            "b_epoch": state.epoch,
            "highest": max(state.highest, state.coverage.top()),
            "contiguous": state.coverage.contiguous,
            "beyond": json.dumps(state.coverage.beyond),
            "received": state.received,
            "dropped": state.dropped,
            "duplicates": state.duplicates,
            "forks": state.forks,
            "last_seen_ms": state.last_seen_ms,
        }
        for state in states
    ]
    if rows:
        work.connection.execute(_write_back, rows)


_write_back = (
    update(ledger)
    .where(ledger.c.device == bindparam("b_device"), ledger.c.epoch == bindparam("b_epoch"))
    .values({name: bindparam(name) for name in _CHANGING})
)


def account(state: LedgerState, arrivals: list[Arrival[Any]]) -> None:
    """Count new messages of one epoch as arrived."""
    state.coverage = state.coverage.with_numbers([a.message.sequence for a in arrivals])
    state.received += len(arrivals)


def keep_fingerprints(work: UnitOfWork, arrivals: list[Arrival[Any]]) -> None:
    """Of new messages that have been accounted for."""
    rows = [
        (a.address.device, a.message.epoch, a.message.sequence, a.fingerprint()) for a in arrivals
    ]
    append(work.connection, journal, _JOURNAL, rows)


def fingerprints(work: UnitOfWork, arrivals: list[Arrival[Any]]) -> dict[int, int]:
    """What was stored under the numbers of these messages of one epoch, by number."""
    first = arrivals[0]
    numbers = sorted({a.message.sequence for a in arrivals})
    found = select(journal.c.sequence, journal.c.digest).where(
        journal.c.device == first.address.device,
        journal.c.epoch == first.message.epoch,
        journal.c.sequence.in_(numbers),
    )
    return {row.sequence: row.digest for row in work.connection.execute(found)}


def confirmations(
    work: UnitOfWork, addresses: Iterable[DeviceAddress]
) -> list[tuple[DeviceAddress, Confirmation]]:
    """What these devices may forget, of every epoch; nothing is told to an address where the device is not enrolled."""
    enrolled = {(a.organisation, a.facility, a.device): a for a in addresses}
    devices = sorted({device for *_, device in enrolled})
    return [
        (address, confirmation(_state(row), stopped=row["status"] == "stopped"))
        for row in work.connection.execute(_of_devices, {"devices": devices}).mappings()
        if (address := enrolled.get((row["organisation"], row["facility"], row["device"])))
    ]


def confirmation(state: LedgerState, *, stopped: bool) -> Confirmation:
    """What the device may forget. A stopped one forgets nothing: nobody knows yet which twin is right."""
    if stopped:
        return Confirmation(epoch=state.epoch, up_to=0, stopped="fork")
    also = [
        Range(first=first, last=last) for first, last in state.coverage.beyond[:CONFIRMED_RANGES]
    ]
    return Confirmation(epoch=state.epoch, up_to=state.coverage.contiguous, also=also)


# Made once: to put a question together takes longer than to ask it.
_in_these = ledger.c.device.in_(bindparam("devices", expanding=True))
_of_devices = (
    select(ledger, device.c.status).join(device, device.c.id == ledger.c.device).where(_in_these)
)
# Two lists and not one condition a key: a thousand of those are more than SQLite can parse, and slow to write.
_locked = (
    select(ledger)
    .where(_in_these, ledger.c.epoch.in_(bindparam("epochs", expanding=True)))
    .order_by(ledger.c.device, ledger.c.epoch)
    .with_for_update()
)


def _select(work: UnitOfWork, keys: list[Key]) -> dict[Key, LedgerState]:
    wanted = {"devices": sorted({d for d, _ in keys}), "epochs": sorted({e for _, e in keys})}
    rows = work.connection.execute(_locked, wanted).mappings()
    found = {(row["device"], row["epoch"]): row for row in rows}
    return {key: _state(found[key]) for key in keys if key in found}


def _state(row: RowMapping) -> LedgerState:
    fields = {name: row[name] for name in LedgerState.__slots__ if name != "coverage"}
    return LedgerState(coverage=Coverage(row["contiguous"], ranges_of(row["beyond"])), **fields)
