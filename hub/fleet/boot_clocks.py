"""Wall time of boots: learned from live devices and synchronised messages, laid on messages as they arrive.

Both the device's own time and the corrected one are kept; when better is known later, the slices that stored a
corrected time are told.
"""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, and_, bindparam, select, update

from contract.messages import Stamp
from contract.topics import DeviceAddress
from hub.core.arrivals import Arrival
from hub.core.bulk import insert_new
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.events import BootClockLearned
from hub.fleet.rules import LIVE_TOLERANCE_MS, BootOffsets, moment
from hub.fleet.tables import BootClock

DRIFT_MS = 1000
"""A new observation replaces the old one when it is lower (less delay in it) or further away than this (drift)."""

boot_clock: Table = BootClock.__table__  # type: ignore[attr-defined]
_NEW = ("device", "boot_id", "organisation", "facility", "hub_offset_ms", "device_offset_ms")

_of_boots = select(boot_clock).where(
    boot_clock.c.device.in_(bindparam("devices", expanding=True)),
    boot_clock.c.boot_id.in_(bindparam("boots", expanding=True)),
)

Boot = tuple[str, str]


def note_live(work: UnitOfWork, address: DeviceAddress, now_there: Stamp, received_ms: int) -> None:
    """A connected device said what its clocks show now."""
    boot = (address.device, now_there.boot_id)
    offset = received_ms - now_there.uptime_ms
    known = _select(work, {boot: address}).get(boot)
    if (
        known is None
    ):  # as is the rule: a terminal says where it is before it sends; nothing has to be put right
        row = (*boot, address.organisation, address.facility, offset, None)
        insert_new(work.connection, boot_clock, _NEW, [row])
        return
    if known.hub_ms is not None and known.hub_ms <= offset <= known.hub_ms + DRIFT_MS:
        return
    _learn(work, address, boot, "hub_offset_ms", offset)
    if known.hub_ms is None:
        work.tell(
            BootClockLearned(address.organisation, address.facility, *boot, offset, by_hub=True)
        )


def place(work: UnitOfWork, arrivals: list[Arrival[Any]]) -> None:
    """Give each arrival its corrected time, learning from the synchronised ones among them."""
    boots = {(a.address.device, a.message.time.boot_id): a.address for a in arrivals}
    if not boots:
        return
    offsets = _load(work, boots)
    learned: dict[Boot, BootOffsets] = {}
    for arrival in arrivals:
        time = arrival.message.time
        boot = (arrival.address.device, time.boot_id)
        known = offsets[boot]
        _place(arrival, time, known)
        if arrival.time_source == "device" and _tells_more(time, known):
            offsets[boot] = _learned_from(work, arrival, boot, known)
            learned.setdefault(boot, offsets[boot])
    if learned:
        _place_what_came_before(arrivals, learned)


def _place_what_came_before(
    arrivals: list[Arrival[Any]], learned: Mapping[Boot, BootOffsets]
) -> None:
    """Those of the same batch that came before the one from which more was learned of their boot."""
    for arrival in arrivals:
        time = arrival.message.time
        known = learned.get((arrival.address.device, time.boot_id))
        if arrival.time_source == "uncertain" and known is not None:
            _place(arrival, time, known)


def _place(arrival: Arrival[Any], time: Stamp, known: BootOffsets) -> None:
    arrival.occurred_ms, arrival.time_source = moment(
        time.wall_ms, time.uptime_ms, time.synchronised, known, arrival.received_ms
    )


def _tells_more(time: Stamp, known: BootOffsets) -> bool:
    """Whether a synchronised message says more of its boot than is known: something, or that the clock has drifted."""
    if known.device_ms is None:
        return True
    return DRIFT_MS < abs(time.wall_ms - time.uptime_ms - known.device_ms) < LIVE_TOLERANCE_MS


def _learned_from(
    work: UnitOfWork, arrival: Arrival[Any], boot: Boot, known: BootOffsets
) -> BootOffsets:
    offset = arrival.message.time.wall_ms - arrival.message.time.uptime_ms
    _learn(work, arrival.address, boot, "device_offset_ms", offset)
    if known.device_ms is None and known.hub_ms is None:
        address = arrival.address
        work.tell(
            BootClockLearned(address.organisation, address.facility, *boot, offset, by_hub=False)
        )
    return BootOffsets(known.hub_ms, offset)


def _learn(work: UnitOfWork, address: DeviceAddress, boot: Boot, column: str, offset: int) -> None:
    row = and_(boot_clock.c.device == address.device, boot_clock.c.boot_id == boot[1])
    work.connection.execute(update(boot_clock).where(row).values({column: offset}))


def _load(work: UnitOfWork, boots: dict[Boot, DeviceAddress]) -> dict[Boot, BootOffsets]:
    found = _select(work, boots)
    rows = [
        (*boot, address.organisation, address.facility, None, None)
        for boot, address in sorted(boots.items(), key=itemgetter(0))  # one order: no deadlock
        if boot not in found
    ]
    insert_new(work.connection, boot_clock, _NEW, rows)
    return {boot: found.get(boot, BootOffsets()) for boot in boots}


def _select(work: UnitOfWork, boots: dict[Boot, DeviceAddress]) -> dict[Boot, BootOffsets]:
    wanted = {"devices": sorted({d for d, _ in boots}), "boots": sorted({b for _, b in boots})}
    rows = work.connection.execute(_of_boots, wanted)
    return {(r.device, r.boot_id): BootOffsets(r.hub_offset_ms, r.device_offset_ms) for r in rows}
