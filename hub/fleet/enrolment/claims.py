"""Terminals that ask to be taken in, and the people who do it.

A terminal proves that it holds a key and is given a code for its screen. Whoever may manage devices types the code, by
which they show that they stand before that very terminal, and says which device it is to be: a new one, or one whose
place it takes. The code says nothing to the terminal's side: there the key is the proof, and the claim's long number.
"""

import re
import secrets
from dataclasses import dataclass

from sqlmodel import col, delete, func, select

from contract.topics import DeviceAddress, TopicError
from hub.core.broker.access import checked_device_user
from hub.core.errors import BadInput, Conflict, Forbidden, NotFound, TooManyAttempts
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import registry, service
from hub.fleet.authority.certificates import Request
from hub.fleet.authority.tables import DeviceKey
from hub.fleet.enrolment import expected, keys
from hub.fleet.enrolment.tables import EnrolmentClaim

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Letters and digits that nobody takes for each other."""
CODE_LENGTH = 6
CLAIM_LASTS_MS = 15 * 60_000
ACCEPTED_LASTS_MS = 24 * 3600_000
"""How long a terminal may take to hear that it was accepted. After that its key is as good as a claim."""
MOST_OPEN = 2000
"""More claims at once are somebody's who wants to do harm; terminals that are expected come in all the same."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a terminal says of itself. Nothing of it is proof."""

    hardware: str = ""
    serial: str = ""
    software: str = ""
    wish: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim as its terminal knows it; `device` once somebody has accepted it."""

    claim: str
    code: str
    until_ms: int
    device: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as whoever typed its code sees it."""

    code: str
    fingerprint: str
    hardware: str
    serial: str
    software: str
    wish: str
    asked_ms: int


def claim(work: UnitOfWork, request: Request, told: Told, token: str | None = None) -> Claimed:
    """Take in a claim; one with a token that is expected is accepted at once. A key has one claim at a time."""
    _forget_old(work)
    known = work.session.get(DeviceKey, request.fingerprint)
    if known is not None and known.revoked_ms is not None:
        raise Forbidden(_("This terminal's key has been revoked. It needs a new one."))
    waiting = _open(work, request)
    row = waiting or _new(work, request, told)
    if known is not None:
        _accept(work, row, DeviceAddress(known.organisation, known.facility, known.device))
    elif token is not None:
        scope, device = expected.use(work, token, told.serial)
        address = DeviceAddress(scope.organisation, device.facility, device.device)
        service.enrol(work, scope, address, device.name, device.touchpoint)
        _adopt(work, scope, row, address, "device.enrol")
    elif waiting is None and _count_open(work) > MOST_OPEN:
        raise TooManyAttempts(_("Too many terminals ask to be taken in. Try again later."), 900)
    return _claimed(row)


def standing(work: UnitOfWork, claim: str) -> Claimed:
    """How a claim stands; NotFound when it has expired."""
    row = work.session.get(EnrolmentClaim, claim)
    if row is None or row.until_ms <= work.now_ms:
        raise NotFound(_("This claim has expired."))
    return _claimed(row)


@needs(Permission.MANAGE_DEVICES)
def find(work: UnitOfWork, scope: Scope, code: str) -> Claim:
    """The terminal that shows this code now; it belongs to nobody yet, so any scope that manages devices sees it."""
    del scope
    row = _by_code(work, code)
    names = Claim.__dataclass_fields__
    return Claim(**{name: getattr(row, name) for name in names})


@needs(Permission.MANAGE_DEVICES)
def accept(
    work: UnitOfWork,
    scope: Scope,
    code: str,
    address: DeviceAddress,
    *,
    name: str,
    touchpoint: str | None,
) -> None:
    """The terminal that shows this code is this new device."""
    row = _by_code(work, code)
    check_new(work, address.device)
    if expected.is_elsewhere(work, scope, address.device):
        raise Conflict(_("There is a device with this name already."), field="device")
    service.enrol(work, scope, address, name, touchpoint)
    expected.has_come(work, scope, address.device)
    _adopt(work, scope, row, address, "device.enrol")


@needs(Permission.MANAGE_DEVICES)
def replace(work: UnitOfWork, scope: Scope, code: str, device: str) -> None:
    """The terminal that shows this code takes the place of a device: its name, its place, its history."""
    row = _by_code(work, code)
    found = keys.device_of(work, scope, device)
    address = DeviceAddress(found.organisation, found.facility, found.id)
    keys.withdraw(work, address)
    registry.release(work, found)
    _adopt(work, scope, row, address, "device.replace")


def check_new(work: UnitOfWork, device: str) -> None:
    """Conflict where a device has this id already, or the hub itself."""
    try:
        checked_device_user(device)
    except TopicError as error:
        raise BadInput("device", _("Another name, please: this one is the hub's own.")) from error
    if registry.find(work, {device}):
        raise Conflict(_("There is a device with this name already."), field="device")


def _adopt(
    work: UnitOfWork, scope: Scope, row: EnrolmentClaim, address: DeviceAddress, action: str
) -> None:
    """From now on the claim's key is the device's."""
    keys.keep(work, address, row.fingerprint, row.hardware)
    _accept(work, row, address)
    work.audit.record(
        scope,
        action,
        f"device/{address.device}",
        facility=address.facility,
        key=row.fingerprint[:16],
    )


def _accept(work: UnitOfWork, row: EnrolmentClaim, address: DeviceAddress) -> None:
    row.accepted_ms, row.until_ms = work.now_ms, work.now_ms + ACCEPTED_LASTS_MS
    row.organisation, row.facility = address.organisation, address.facility
    row.device = address.device
    work.session.add(row)
    work.session.flush()


def _open(work: UnitOfWork, request: Request) -> EnrolmentClaim | None:
    """The claim that this key has already, so that a terminal that starts anew shows the code that it showed."""
    wanted = select(EnrolmentClaim).where(
        EnrolmentClaim.fingerprint == request.fingerprint,
        EnrolmentClaim.until_ms > work.now_ms,
        col(EnrolmentClaim.accepted_ms).is_(None),
    )
    return work.session.exec(wanted).first()


def _new(work: UnitOfWork, request: Request, told: Told) -> EnrolmentClaim:
    row = EnrolmentClaim(
        id=secrets.token_hex(16),
        code=_unused_code(work),
        fingerprint=request.fingerprint,
        hardware=told.hardware,
        serial=told.serial,
        software=told.software,
        wish=told.wish,
        asked_ms=work.now_ms,
        until_ms=work.now_ms + CLAIM_LASTS_MS,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _unused_code(work: UnitOfWork) -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if work.session.exec(select(EnrolmentClaim).where(EnrolmentClaim.code == code)).first():
            continue
        return code


def _by_code(work: UnitOfWork, code: str) -> EnrolmentClaim:
    """However it was typed: small letters, blanks and hyphens do not matter."""
    typed = re.sub(r"[^A-Z0-9]", "", code.upper())
    wanted = select(EnrolmentClaim).where(
        EnrolmentClaim.code == typed,
        EnrolmentClaim.until_ms > work.now_ms,
        col(EnrolmentClaim.accepted_ms).is_(None),
    )
    row = work.session.exec(wanted).first()
    if row is None:
        raise BadInput("code", _("No terminal shows this code now. Codes change: look again."))
    return row


def _count_open(work: UnitOfWork) -> int:
    wanted = select(func.count()).where(col(EnrolmentClaim.accepted_ms).is_(None))
    return work.session.exec(wanted).one()


def _forget_old(work: UnitOfWork) -> None:
    work.session.exec(delete(EnrolmentClaim).where(col(EnrolmentClaim.until_ms) <= work.now_ms))


def _claimed(row: EnrolmentClaim) -> Claimed:
    return Claimed(row.id, row.code, row.until_ms, row.device)
