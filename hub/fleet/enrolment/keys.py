"""Which key is which device's, what is signed for it, and what becomes of it when it is believed no longer.

A device has one key at a time. With it the terminal asks for its credentials, the first ones and all later ones alike,
also with a certificate that expired while it was in a cupboard: a request that is signed by the key and holds words
that the hub has just said is proof enough. Only a person ends this, by revoking the key or giving its place to another.
"""

import secrets
from dataclasses import dataclass, field

from sqlmodel import col, select, update

from contract.topics import DeviceAddress
from hub.core.errors import Conflict, Forbidden, NotFound
from hub.core.passwords import is_same, token_hash
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import registry
from hub.fleet.authority import issuing
from hub.fleet.authority.certificates import Request
from hub.fleet.authority.tables import DeviceCertificate, DeviceKey
from hub.fleet.events import DeviceRevoked, DeviceStateChanged
from hub.fleet.tables import Device

FRESH_MS = 120_000
"""A challenge is answered within this."""


class KeyRevoked(Forbidden):
    """The terminal has proved to hold a key that is believed no longer."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a terminal lives on until it asks again. The password is for the hub's HTTP, and said once."""

    address: DeviceAddress
    touchpoint: str | None
    password: str = field(repr=False)
    certificate: str
    authorities: str
    issued_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class KeyView:
    """What staff see of the key and the certificate by which a device is known."""

    fingerprint: str
    hardware: str
    accepted_ms: int
    certificate_until_ms: int | None


def challenge(work: UnitOfWork) -> str:
    """Words that are good for a short while; anybody may have them."""
    return f"{work.now_ms}.{_seal(work, work.now_ms)}"


def grant(work: UnitOfWork, request: Request) -> Granted:
    """Sign for the key anew, with a new password. KeyRevoked, or Conflict for a challenge of long ago."""
    _check_fresh(work, request.challenge)
    known = work.session.get(DeviceKey, request.fingerprint)
    if known is None:
        raise NotFound(_("This terminal is not known here. It has to be taken in first."))
    if known.revoked_ms is not None:
        raise KeyRevoked(_("This terminal's key has been revoked. It needs a new one."))
    device = registry.find(work, {known.device})[known.device]
    address = DeviceAddress(device.organisation, device.facility, device.id)
    signed = issuing.issue(work, address, request)
    password = secrets.token_urlsafe(24)
    touchpoint = device.touchpoint
    registry.remember_password(work, device.id, token_hash(password))
    return Granted(
        address=address,
        touchpoint=touchpoint,
        password=password,
        certificate=signed.pem,
        authorities=issuing.trusted(work),
        issued_ms=signed.issued_ms,
        until_ms=signed.until_ms,
    )


def keep(work: UnitOfWork, address: DeviceAddress, fingerprint: str, hardware: str) -> None:
    """This key is the device's from now on."""
    row = DeviceKey(
        fingerprint=fingerprint,
        device=address.device,
        organisation=address.organisation,
        facility=address.facility,
        hardware=hardware,
        accepted_ms=work.now_ms,
    )
    work.session.add(row)
    work.session.flush()


def withdraw(work: UnitOfWork, address: DeviceAddress) -> None:
    """Whatever the device showed itself with so far is believed no longer: key, certificates, password."""
    for table in (DeviceKey, DeviceCertificate):
        believed = col(table.device) == address.device, col(table.revoked_ms).is_(None)
        work.connection.execute(update(table).where(*believed).values(revoked_ms=work.now_ms))
    work.session.expire_all()
    registry.remember_password(work, address.device, None)
    work.tell(DeviceRevoked(address.organisation, address.facility, address.device))


@needs(Permission.MANAGE_DEVICES)
def revoke(work: UnitOfWork, scope: Scope, device: str) -> None:
    """Take nothing from the device any more and let it in nowhere, until a terminal is put in its place."""
    found = device_of(work, scope, device)
    if found.status == "revoked":
        raise Conflict(_("This terminal has been shut out already."))
    address = DeviceAddress(found.organisation, found.facility, found.id)
    registry.revoke(work, found)
    withdraw(work, address)
    work.audit.record(scope, "device.revoke", f"device/{device}", facility=address.facility)
    work.tell(DeviceStateChanged(address.organisation, address.facility, device))


@needs(Permission.SEE_DEVICES)
def key_of(work: UnitOfWork, scope: Scope, device: str) -> KeyView | None:
    """The key by which a device of the scope is known; None for one that has only a password, or is revoked."""
    held = select(DeviceKey).where(
        scope.rows(DeviceKey), DeviceKey.device == device, col(DeviceKey.revoked_ms).is_(None)
    )
    key = work.session.exec(held).first()
    if key is None:
        return None
    signed = select(DeviceCertificate.until_ms).where(
        scope.rows(DeviceCertificate), DeviceCertificate.fingerprint == key.fingerprint
    )
    until_ms = max(work.session.exec(signed), default=None)
    return KeyView(key.fingerprint, key.hardware, key.accepted_ms, until_ms)


def device_of(work: UnitOfWork, scope: Scope, device: str) -> Device:
    """The device, if it is in the scope; NotFound."""
    found = registry.find(work, {device}).get(device)
    if found is None or not scope.covers(found.organisation, found.facility):
        raise NotFound(_("There is no such device."))
    return found


def _check_fresh(work: UnitOfWork, given: str) -> None:
    said, _dot, sealed = given.partition(".")
    at_ms = int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 0
    if not is_same(sealed, _seal(work, at_ms)) or not 0 <= work.now_ms - at_ms <= FRESH_MS:
        raise Conflict(_("The request is too old. Ask for a new challenge."))


def _seal(work: UnitOfWork, at_ms: int) -> str:
    return work.vault.fingerprint(f"enrolment challenge {at_ms}")
