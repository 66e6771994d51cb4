"""What other slices and the pages may ask of the fleet, and how its messages are taken in."""

from dataclasses import dataclass

from sqlalchemy import select

from contract.messages import DeviceBorn, MessagesDropped, SelfTested
from contract.topics import DeviceAddress
from hub.core.arrivals import Arrival
from hub.core.errors import BadInput, Conflict
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import registry
from hub.fleet.events import DeviceEnrolled, DeviceReleased, DeviceStateChanged
from hub.fleet.ledgers import ledger, load, save
from hub.fleet.rules import Coverage, Ranges, ranges_of
from hub.fleet.tables import Device, HealthFact
from hub.identity.service import facilities, touchpoints


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device as staff may see it."""

    device: str
    organisation: str
    facility: str
    name: str
    touchpoint: str | None
    online: bool
    last_seen_ms: int | None
    pending: int
    refused: int
    status: str
    software: str


@dataclass(frozen=True, slots=True)
class LedgerView:
    """What has arrived of one epoch of a device. `missing` is what was minted, not dropped, and is not here."""

    device: str
    facility: str
    epoch: int
    highest: int
    contiguous: int
    missing: Ranges
    missing_count: int
    dropped_count: int
    received: int
    duplicates: int
    forks: int
    first_seen_ms: int
    last_seen_ms: int


@dataclass(frozen=True, slots=True)
class HealthView:
    """The latest outcome of one check of one device."""

    device: str
    facility: str
    check: str
    status: str
    value: float | None
    unit: str | None
    detail: str
    reason: str
    at_ms: int
    since_ms: int | None


@needs(Permission.MANAGE_DEVICES)
def enrol(
    work: UnitOfWork,
    scope: Scope,
    address: DeviceAddress,
    name: str = "",
    touchpoint: str | None = None,
) -> None:
    """Make a device known, or move it within the scope; its ledger stays with it."""
    place = Scope(address.organisation, frozenset({address.facility}))
    if not scope.covers(address.organisation, address.facility) or not facilities(work, place):
        raise BadInput("facility", _("There is no such facility."))
    if touchpoint is not None and touchpoint not in {t.id for t in touchpoints(work, place)}:
        raise BadInput("touchpoint", _("There is no such touchpoint."))
    known = registry.find(work, {address.device}).get(address.device)
    if known is not None and not scope.covers(known.organisation, known.facility):
        raise Conflict(_("There is a device with this name already."), field="device")
    registry.enrol(work, address, name, touchpoint)
    work.tell(DeviceEnrolled(address.organisation, address.facility, address.device))
    work.tell(DeviceStateChanged(address.organisation, address.facility, address.device))


@needs(Permission.SEE_DEVICES)
def devices(work: UnitOfWork, scope: Scope) -> list[DeviceView]:
    """The devices of the scope, by name."""
    rows = work.connection.execute(select(Device.__table__).where(scope.rows(Device)))  # type: ignore[attr-defined]
    views = [
        DeviceView(
            device=r["id"], **{n: r[n] for n in DeviceView.__dataclass_fields__ if n != "device"}
        )
        for r in rows.mappings()
    ]
    return sorted(views, key=lambda view: (view.facility, view.name))


@needs(Permission.SEE_DEVICES)
def ledgers(work: UnitOfWork, scope: Scope) -> list[LedgerView]:
    """The ledger of the scope, newest first."""
    rows = (
        select(ledger)
        .where(scope.rows(ledger.c))
        .order_by(ledger.c.last_seen_ms.desc(), ledger.c.device)
    )
    views = []
    for row in work.connection.execute(rows).mappings():
        missing = Coverage(row["contiguous"], ranges_of(row["beyond"])).missing(row["highest"])
        count = sum(last - first + 1 for first, last in missing)
        taken = {n: row[n] for n in LedgerView.__dataclass_fields__ if n in row}
        views.append(
            LedgerView(missing=missing, missing_count=count, dropped_count=row["dropped"], **taken)
        )
    return views


@needs(Permission.SEE_DEVICES)
def has_arrived(work: UnitOfWork, scope: Scope, device: str, epoch: int, sequence: int) -> bool:
    """Whether what the device sent under this number has been accounted for."""
    rows = select(ledger.c.contiguous, ledger.c.beyond).where(
        scope.rows(ledger.c), ledger.c.device == device, ledger.c.epoch == epoch
    )
    return any(
        Coverage(row.contiguous, ranges_of(row.beyond)).covers(sequence)
        for row in work.connection.execute(rows)
    )


@needs(Permission.SEE_DEVICES)
def health(work: UnitOfWork, scope: Scope) -> list[HealthView]:
    """The latest health facts of the scope."""
    facts = select(HealthFact.__table__).where(scope.rows(HealthFact))  # type: ignore[attr-defined]
    rows = work.connection.execute(facts.order_by("device", "check")).mappings()
    return [HealthView(**{n: row[n] for n in HealthView.__dataclass_fields__}) for row in rows]


@needs(Permission.MANAGE_DEVICES)
def release(work: UnitOfWork, scope: Scope, device: str) -> bool:
    """Let a stopped device speak again, once a person has taken its twin away. False: no such device here."""
    found = registry.find(work, {device}).get(device)
    if found is None or not scope.covers(found.organisation, found.facility):
        return False
    if found.status == "revoked":
        raise Conflict(_("This terminal has been shut out already."))
    registry.release(work, found)
    work.tell(DeviceReleased(found.organisation, found.facility, device))
    work.tell(DeviceStateChanged(found.organisation, found.facility, device))
    return True


def record_dropped(work: UnitOfWork, arrivals: list[Arrival[MessagesDropped]]) -> None:
    """Numbers that a full outbox gave up will never come: they are accounted for, and counted."""
    for arrival in arrivals:
        message = arrival.message
        key = (arrival.address.device, message.dropped_epoch)
        state = load(work, {key: arrival.address})[key]
        before = state.coverage.count()
        for span in message.ranges:
            state.coverage = state.coverage.with_range(span.first, span.last)
        state.dropped += state.coverage.count() - before
        save(work, [state])


def record_birth(work: UnitOfWork, arrivals: list[Arrival[DeviceBorn]]) -> None:
    """An agent started; its live `state` says the rest."""
    for arrival in arrivals:
        address = arrival.address
        work.tell(DeviceStateChanged(address.organisation, address.facility, address.device))


def record_self_tests(_work: UnitOfWork, _arrivals: list[Arrival[SelfTested]]) -> None:
    """A release on trial asks whether we are there: the ledger keeps the number, and the confirmation is the answer."""
