"""Flags that come after their answer, or before it: messages arrive in any order, and no flag may be lost.

Decides how a flag finds its answer. What a flag means for the figures is decided where they are made.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, select, update

from contract.messages import PressesFlagged
from hub.core.arrivals import Arrival
from hub.core.bulk import insert_new
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.events import ResponsesFlagged
from hub.feedback.rules import with_flag
from hub.feedback.tables import AwaitedFlag, Response

response: Table = Response.__table__  # type: ignore[attr-defined]
awaited_flag: Table = AwaitedFlag.__table__  # type: ignore[attr-defined]

_AWAITED = ("device", "epoch", "sequence", "flag", "organisation", "facility")

_near = select(awaited_flag).where(
    awaited_flag.c.device.in_(bindparam("devices", expanding=True)),
    awaited_flag.c.sequence.between(bindparam("first"), bindparam("last")),
)

Identity = tuple[str, int, int]
"""Device, epoch, sequence."""


def record_flags(work: UnitOfWork, arrivals: list[Arrival[PressesFlagged]]) -> None:
    """Give answers that are stored one more flag; for the others it waits until they come."""
    for arrival in arrivals:
        address, flag = arrival.address, arrival.message.flag
        meant = {(address.device, p.epoch, p.sequence) for p in arrival.message.presses}
        stored = _flags_of(work, address.device, meant)
        if stored:
            flagged = {identity: with_flag(flags, flag) for identity, flags in stored.items()}
            _rewrite(work, flagged)
            told = tuple((epoch, sequence) for _, epoch, sequence in sorted(stored))
            plain = tuple((e, s) for (_, e, s), flags in sorted(stored.items()) if not flags)
            place = (address.organisation, address.facility, address.device)
            work.tell(ResponsesFlagged(*place, flag, told, plain))
        rows = [
            (*identity, flag, address.organisation, address.facility)
            for identity in sorted(meant - stored.keys())
        ]
        insert_new(work.connection, awaited_flag, _AWAITED, rows)


def take_awaited(work: UnitOfWork, arrivals: Sequence[Arrival[Any]]) -> dict[Identity, list[str]]:
    """Flags that came before these answers; from now on they are the answers' own."""
    sequences = [arrival.message.sequence for arrival in arrivals]
    devices = sorted({arrival.address.device for arrival in arrivals})
    near = {"devices": devices, "first": min(sequences), "last": max(sequences)}
    waiting: dict[Identity, list[str]] = defaultdict(list)
    for row in work.connection.execute(_near, near):
        waiting[row.device, row.epoch, row.sequence].append(row.flag)
    if not waiting:
        return {}
    come = {(a.address.device, a.message.epoch, a.message.sequence) for a in arrivals}
    taken = {identity: flags for identity, flags in waiting.items() if identity in come}
    if taken:
        work.connection.execute(delete(awaited_flag).where(_this(awaited_flag)), _named(taken))
    return taken


def _flags_of(work: UnitOfWork, device: str, meant: set[Identity]) -> dict[Identity, str]:
    by_epoch: dict[int, list[int]] = defaultdict(list)
    for _, epoch, sequence in sorted(meant):
        by_epoch[epoch].append(sequence)
    found: dict[Identity, str] = {}
    for epoch, sequences in by_epoch.items():
        rows = select(response.c.sequence, response.c.flags).where(
            response.c.device == device,
            response.c.epoch == epoch,
            response.c.sequence.in_(sequences),
        )
        rows = rows.with_for_update()  # two flags at once must not both find it plain
        found |= {(device, epoch, r.sequence): r.flags for r in work.connection.execute(rows)}
    return found


def _rewrite(work: UnitOfWork, flagged: dict[Identity, str]) -> None:
    values = [
        {**row, "b_flags": flags}
        for row, flags in zip(_named(flagged), flagged.values(), strict=True)
    ]
    rewritten = update(response).where(_this(response)).values(flags=bindparam("b_flags"))
    work.connection.execute(rewritten, values)


def _this(table: Table) -> Any:
    return and_(
        table.c.device == bindparam("b_device"),
        table.c.epoch == bindparam("b_epoch"),
        table.c.sequence == bindparam("b_sequence"),
    )


def _named(identities: Any) -> list[dict[str, Any]]:
    return [
        {"b_device": device, "b_epoch": epoch, "b_sequence": sequence}
        for device, epoch, sequence in identities
    ]
