"""Which devices may speak, which of their messages are new, and when each happened.

The ledger rows of a batch's devices are locked first, in a fixed order: two hub processes never account for the same
device at once. A number that arrives twice with the same content is a replay and has no effect; with another content
it is a fork, two terminals with one identity, and both are stopped until a person has looked. The one that is released
then may hold numbers that its twin has used: what it says under them is kept in streams of their own.
"""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import blake2b
from operator import lt
from typing import Any

from contract.documents import Confirmation, DeviceState, ReportedConfiguration
from contract.topics import DeviceAddress
from hub.core.arrivals import Arrival, Delivery, Refusal, Registered
from hub.core.texts import N_
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import boot_clocks, desired, health_facts, registry, series
from hub.fleet.events import DeviceStateChanged
from hub.fleet.ledgers import (
    Key,
    LedgerState,
    account,
    confirmations,
    fingerprints,
    keep_fingerprints,
    load,
    save,
)
from hub.fleet.registry import Standing
from hub.fleet.tables import Device

FORKED = "fork"
FORK = N_("This number has arrived before with another content: two terminals use this identity.")
PENDING = N_(
    "The terminal still holds messages, and this may be one of them: replay it when nothing waits there."
)
REVOKED = N_("The terminal has been shut out.")
STOPPED = N_("The device is stopped because two terminals use its identity.")


@dataclass(slots=True)
class _Sorted:
    """The arrivals of one epoch of one device, sorted by their numbers."""

    fresh: list[Arrival[Any]]
    known: list[Arrival[Any]]


class FleetRegistrar:
    """The inbox's registrar, on the fleet's own tables."""

    def register(self, work: UnitOfWork, arrivals: list[Arrival[Any]]) -> Registered:
        """See `hub.core.arrivals.Registrar`."""
        result = Registered()
        groups: dict[tuple[DeviceAddress, int], list[Arrival[Any]]] = defaultdict(list)
        for arrival in arrivals:
            groups[arrival.address, arrival.message.epoch].append(arrival)
        devices = registry.standings(work, {address.device for address, _ in groups})
        accepted: dict[Key, tuple[DeviceAddress, list[Arrival[Any]]]] = {}
        for (address, epoch), group in groups.items():
            refused = _refused(address, devices.get(address.device))
            if refused is None:
                accepted[address.device, epoch] = (address, group)
            else:
                result.refused += [Refusal(arrival, *refused) for arrival in group]
        states = load(work, {key: address for key, (address, _) in accepted.items()})
        apart: list[Arrival[Any]] = []
        for key, (address, group) in accepted.items():
            released = devices[address.device].released
            forked = self._register_group(work, states[key], group, result, released=released)
            apart += forked if released else []
        save(work, states.values())
        keep_fingerprints(work, result.fresh)
        boot_clocks.place(work, result.fresh)
        series.note_arrivals(work, result.fresh)
        if apart:
            for arrival in apart:
                _into_own_stream(arrival)
            result.add(self.register(work, apart))
        return result

    def readmit(
        self, work: UnitOfWork, arrival: Arrival[Any], *, kind: str, accounted: bool
    ) -> Registered:
        """See `hub.core.arrivals.Registrar`."""
        if accounted:
            boot_clocks.place(work, [arrival])
            series.note_arrivals(work, [arrival])
            return Registered(fresh=[arrival])
        stored = fingerprints(work, [arrival]).get(arrival.message.sequence)
        if stored is None and kind == FORKED:
            # A number that nobody else has used: the released terminal's, which sends it itself, or its twin's.
            device = registry.find(work, {arrival.address.device}).get(arrival.address.device)
            if device is None or device.pending:
                return Registered(refused=[Refusal(arrival, FORKED, PENDING)])
        if stored != arrival.fingerprint() and (stored is not None or kind == FORKED):
            _into_own_stream(arrival)
        return self.register(work, [arrival])

    def note_state(
        self, work: UnitOfWork, address: DeviceAddress, state: DeviceState, delivery: Delivery
    ) -> None:
        """See `hub.core.arrivals.Registrar`."""
        device = registry.find(work, {address.device}).get(address.device)
        if device is None or _elsewhere(device, address):
            return
        cloned = registry.note_state(work, device, state, delivery)
        if cloned:
            _stop(work, address)
        if state.online and state.epoch and not delivery.retained:
            ledger = load(work, {(address.device, state.epoch): address})[
                address.device, state.epoch
            ]
            ledger.highest = max(ledger.highest, state.highest)
            save(work, [ledger])
        if state.time is not None and not delivery.retained:
            boot_clocks.note_live(work, address, state.time, delivery.received_ms)
            health_facts.note_clock(work, address, state.time, delivery.received_ms)
        if state.online and not delivery.retained:
            series.note_pending(work, address, state.pending)
        work.tell(DeviceStateChanged(address.organisation, address.facility, address.device))

    def note_reported(
        self, work: UnitOfWork, address: DeviceAddress, reported: ReportedConfiguration
    ) -> None:
        """See `hub.core.arrivals.Registrar`."""
        desired.note_reported(work, address, reported)

    def confirmations(
        self, work: UnitOfWork, addresses: list[DeviceAddress]
    ) -> list[tuple[DeviceAddress, Confirmation]]:
        """See `hub.core.arrivals.Registrar`."""
        return confirmations(work, addresses)

    def _register_group(
        self,
        work: UnitOfWork,
        state: LedgerState,
        group: list[Arrival[Any]],
        result: Registered,
        *,
        released: bool,
    ) -> list[Arrival[Any]]:
        """Account for one epoch's arrivals. Returns the forks, which stop a device that is not released."""
        parts = _sort(state, group)
        forked = _forks(work, parts)
        if forked and not released:
            state.forks += len(forked)
            _stop(work, group[0].address)
            result.refused += [Refusal(a, FORKED, FORK) for a in forked]
            result.refused += [Refusal(a, FORKED, STOPPED) for a in parts.fresh]
            parts.fresh = []
        result.duplicates += len(parts.known) - len(forked)
        state.duplicates += len(parts.known) - len(forked)
        if parts.fresh:
            account(state, parts.fresh)
        state.last_seen_ms = max([state.last_seen_ms, *(a.received_ms for a in group)])
        result.fresh += parts.fresh
        return forked


def _elsewhere(device: Device | Standing, address: DeviceAddress) -> bool:
    return (device.organisation, device.facility) != (address.organisation, address.facility)


def _refused(address: DeviceAddress, device: Standing | None) -> tuple[str, str] | None:
    """Why nothing is taken from this address, as kind and detail; None when it may speak."""
    if device is None:
        return "unknown_device", "device: not enrolled at this hub"
    if _elsewhere(device, address):
        return "wrong_address", "topic: the device belongs to another organisation or facility"
    if device.status == "revoked":
        return "revoked", REVOKED
    if device.status == "stopped":
        return FORKED, STOPPED
    return None


def _sort(state: LedgerState, group: list[Arrival[Any]]) -> _Sorted:
    """New numbers, and those seen before (in the ledger or earlier in this very group)."""
    numbers = [arrival.message.sequence for arrival in group]
    if numbers[0] > state.coverage.top() and all(map(lt, numbers, numbers[1:])):
        return _Sorted(group, [])  # as nearly every batch is
    parts = _Sorted([], [])
    seen: set[int] = set()
    for number, arrival in zip(numbers, group, strict=True):
        if number in seen or state.coverage.covers(number):
            parts.known.append(arrival)
        else:
            seen.add(number)
            parts.fresh.append(arrival)
    return parts


def _forks(work: UnitOfWork, parts: _Sorted) -> list[Arrival[Any]]:
    """Known numbers whose content is not what it was."""
    if not parts.known:
        return []
    stored = fingerprints(work, parts.known)
    stored.update({a.message.sequence: a.fingerprint() for a in parts.fresh})
    return [
        a for a in parts.known if stored.get(a.message.sequence, a.fingerprint()) != a.fingerprint()
    ]


def _stop(work: UnitOfWork, address: DeviceAddress) -> None:
    registry.stop(work, address.device)
    work.tell(DeviceStateChanged(address.organisation, address.facility, address.device))


def _into_own_stream(arrival: Arrival[Any]) -> None:
    """A fork that is kept becomes the only message of an epoch of its own, so that both twins' answers are kept.

    Made from the message alone, so that replaying twice stays without effect. In the first terminal's numbering it
    would take a number that this one may give to another message later; in one of the twin's it would leave gaps that
    nobody can fill.
    """
    epoch = int.from_bytes(blake2b(arrival.delivery.payload, digest_size=6).digest(), "big")
    arrival.message = arrival.message.model_copy(update={"epoch": epoch, "sequence": 1})
