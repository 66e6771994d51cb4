"""The devices of the hub: enrolling, finding, and what each last said of itself."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from contract.documents import DeviceState
from contract.topics import DeviceAddress
from hub.core.arrivals import Delivery
from hub.core.passwords import is_same
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.authority.tables import DeviceCertificate, DeviceKey
from hub.fleet.job_tables import DeviceJob, JobFile, OpenJobsVersion
from hub.fleet.rollout_tables import RolloutDevice
from hub.fleet.tables import BootClock, Device, DeviceTag, HealthAlert, HealthFact, Ledger

FOLLOWING: tuple[Any, ...] = (
    Ledger,
    BootClock,
    HealthFact,
    HealthAlert,
    DeviceTag,
    DeviceJob,
    OpenJobsVersion,
    JobFile,
    DeviceKey,
    DeviceCertificate,
    RolloutDevice,
)
"""What is about a device and not about a patient: it is seen where the device is now."""

REMEMBERED_INSTANCES = 20


class Standing(NamedTuple):
    """Where a device belongs, and whether it may speak."""

    organisation: str
    facility: str
    status: str
    released: bool


_standings = select_columns(
    *(col(getattr(Device, name)) for name in ("id", *Standing._fields))
).where(col(Device.id).in_(bindparam("devices", expanding=True)))


def standings(work: UnitOfWork, devices: set[str]) -> dict[str, Standing]:
    """Of the enrolled ones among these devices, by id; asked for every batch, and so without their objects."""
    rows = work.connection.execute(_standings, {"devices": sorted(devices)})
    return {device: Standing(*standing) for device, *standing in rows}


def find(work: UnitOfWork, devices: set[str]) -> dict[str, Device]:
    """The enrolled ones among these devices, by id."""
    if not devices:
        return {}
    rows = work.session.exec(select(Device).where(col(Device.id).in_(sorted(devices))))
    return {device.id: device for device in rows}


def enrol(
    work: UnitOfWork, address: DeviceAddress, name: str = "", touchpoint: str | None = None
) -> Device:
    """Make a device known, or move it to another facility; its ledger goes with it, its touchpoint does not."""
    device = work.session.get(Device, address.device)
    place = (address.organisation, address.facility)
    if device is None:
        device = Device(id=address.device, organisation="", facility="", enrolled_ms=work.now_ms)
    elif (device.organisation, device.facility) != place:
        device.touchpoint = None
        _move(work, address)
    device.organisation, device.facility = place
    device.name = name or device.name or address.device
    device.touchpoint = touchpoint or device.touchpoint
    work.session.add(device)
    work.session.flush()
    return device


@dataclass(frozen=True, slots=True)
class Reachable:
    """Where a device is spoken to, whether it is there, and what its password hashes to."""

    address: DeviceAddress
    online: bool
    password_hash: str


def reachable(work: UnitOfWork, organisation: str, device: str) -> Reachable | None:
    """An organisation's device that has a password."""
    found = work.session.get(Device, device)
    if found is None or found.organisation != organisation or found.password_hash is None:
        return None
    address = DeviceAddress(found.organisation, found.facility, found.id)
    return Reachable(address, found.online, found.password_hash)


def remember_password(work: UnitOfWork, device: str, password_hash: str | None) -> None:
    """Keep what a device's password hashes to; None: it has none any more."""
    stored = update(Device).where(col(Device.id) == device).values(password_hash=password_hash)
    work.connection.execute(stored)


def device_of_password(work: UnitOfWork, device: str, password_hash: str) -> Device | None:
    """The device, if this is its password."""
    found = work.session.get(Device, device)
    known = found.password_hash if found else None
    return found if known is not None and is_same(known, password_hash) else None


def _move(work: UnitOfWork, address: DeviceAddress) -> None:
    place = {"organisation": address.organisation, "facility": address.facility}
    for table in FOLLOWING:
        work.connection.execute(update(table).where(table.device == address.device).values(place))


def stop(work: UnitOfWork, device: str) -> None:
    """Take nothing from a device until a person releases it."""
    work.session.flush()
    stopped = update(Device).where(col(Device.id) == device, col(Device.status) != "revoked")
    work.connection.execute(stopped.values(status="stopped", released=False))
    work.session.expire_all()


def revoke(work: UnitOfWork, device: Device) -> None:
    """Take nothing from a device until another terminal is put in its place."""
    device.status, device.released = "revoked", False
    device.online = False  # its will cannot say so: the broker takes nothing from it any more
    work.session.add(device)
    work.session.flush()


def release(work: UnitOfWork, device: Device) -> None:
    """Let a stopped device speak again; whichever run of its agent speaks first is the right one."""
    device.status, device.released = "active", True
    device.previous_instances = ""
    device.instance = None
    work.session.add(device)
    work.session.flush()


def note_state(work: UnitOfWork, device: Device, state: DeviceState, delivery: Delivery) -> bool:
    """Take in a `state` document. True: a run of the agent is back that another had replaced, so there are two."""
    earlier = device.previous_instances.split()
    cloned = False
    if state.online and state.instance != device.instance:
        cloned = state.instance in earlier and not delivery.retained
        if device.instance:
            remembered = [device.instance, *(i for i in earlier if i != device.instance)]
            device.previous_instances = " ".join(remembered[:REMEMBERED_INSTANCES])
            device.released = False  # this may be the twin
        device.instance = state.instance
    if state.instance == device.instance:
        device.online = state.online
    if state.online:
        device.epoch, device.highest = state.epoch, state.highest
        device.pending, device.refused = state.pending, state.refused
        device.software = state.software
    if not delivery.retained:
        device.last_seen_ms = delivery.received_ms
    work.session.add(device)
    work.session.flush()
    return cloned


def silent(work: UnitOfWork, before_ms: int) -> list[Device]:
    """Devices that are said to be online and were not heard since; none while not one was heard."""
    online = work.session.exec(select(Device).where(col(Device.online))).all()
    gone = [device for device in online if (device.last_seen_ms or 0) < before_ms]
    return gone if len(gone) < len(online) else []


def note_gone(work: UnitOfWork, device: Device) -> None:
    """A device is not there any more, as far as anybody knows."""
    device.online = False
    work.session.add(device)
    work.session.flush()
