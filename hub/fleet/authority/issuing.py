"""The authorities of this hub and what they sign: the first is made when it is first needed, its key is kept sealed.

Decides who signs when one follows another. A new one is believed at once, but signs only when every terminal that was
in touch has had its certificate renewed since, and so has heard of it; until then the one before goes on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from cryptography import x509
from sqlalchemy import delete
from sqlmodel import col, select

from contract.topics import DeviceAddress
from hub.core.clock import as_datetime
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.authority.certificates import (
    DEVICE_LASTS,
    Issuer,
    Request,
    broker_certificate,
    device_certificate,
    key_pem,
    new_authority,
    new_key,
    pem,
    read_key,
    revocation_list,
)
from hub.fleet.authority.tables import CertificateAuthority, DeviceCertificate

DAY_MS = 24 * 3600 * 1000
SETTLED_MS = int(DEVICE_LASTS / timedelta(milliseconds=1))
SUCCESSOR_MS = 730 * DAY_MS
"""An authority that ends sooner than this is given a successor."""


def lasts(work: UnitOfWork) -> bool:
    """Whether there is an authority that ends in the far future."""
    return max((each.until_ms for each in _valid(work)), default=0) >= work.now_ms + SUCCESSOR_MS


def succeed(work: UnitOfWork) -> str:
    """Make another authority, which is believed from now on and signs as soon as it is known; its serial number."""
    made = new_authority(as_datetime(work.now_ms))
    row = CertificateAuthority(
        serial=f"{made.certificate.serial_number:x}",
        certificate=pem(made.certificate),
        sealed_key=work.vault.seal(key_pem(made.key)),
        made_ms=work.now_ms,
        until_ms=_ms(made.certificate.not_valid_after_utc),
    )
    work.session.add(row)
    work.session.flush()
    return row.serial


def issue(work: UnitOfWork, address: DeviceAddress, request: Request) -> DeviceCertificate:
    """Sign for a device's key; whether the key is the device's is not looked at here."""
    issuer = signing(_valid(work), work.now_ms)
    signed = device_certificate(
        _opened(work, issuer), request.public_key, address.device, as_datetime(work.now_ms)
    )
    row = DeviceCertificate(
        serial=f"{signed.serial_number:x}",
        authority=issuer.serial,
        fingerprint=request.fingerprint,
        device=address.device,
        organisation=address.organisation,
        facility=address.facility,
        issued_ms=work.now_ms,
        until_ms=_ms(signed.not_valid_after_utc),
        pem=pem(signed),
    )
    forgotten = col(DeviceCertificate.until_ms) < work.now_ms - SETTLED_MS
    work.connection.execute(delete(DeviceCertificate).where(forgotten))
    work.session.add(row)
    work.session.flush()
    return row


def trusted(work: UnitOfWork) -> str:
    """All authorities that are believed, in PEM, the newest first."""
    return "".join(each.certificate for each in _valid(work))


def revoked(work: UnitOfWork) -> list[DeviceCertificate]:
    """Certificates that are not believed although they have not expired."""
    wanted = select(DeviceCertificate).where(
        col(DeviceCertificate.revoked_ms).is_not(None), DeviceCertificate.until_ms >= work.now_ms
    )
    return list(work.session.exec(wanted.order_by(DeviceCertificate.serial)))


def revocation_lists(work: UnitOfWork, certificates: Iterable[DeviceCertificate]) -> str:
    """One for each authority, in PEM: a broker refuses everybody whose issuer has none."""
    by_authority: dict[str, list[tuple[int, datetime]]] = {}
    for each in certificates:
        entry = (int(each.serial, 16), as_datetime(each.revoked_ms or 0))
        by_authority.setdefault(each.authority, []).append(entry)
    now = as_datetime(work.now_ms)
    return "".join(
        pem(revocation_list(_opened(work, one), by_authority.get(one.serial, ()), now))
        for one in _valid(work)
    )


def for_broker(work: UnitOfWork, names: Sequence[str]) -> tuple[str, bytes]:
    """A certificate for the terminals' broker under these names, in PEM, and its key."""
    issuer, key = _opened(work, signing(_valid(work), work.now_ms)), new_key()
    signed = broker_certificate(issuer, key.public_key(), names, as_datetime(work.now_ms))
    return pem(signed), key_pem(key)


def signing(authorities: Sequence[CertificateAuthority], now_ms: int) -> CertificateAuthority:
    """Which of them signs: the newest that terminals know, else the oldest."""
    known = [each for each in authorities if each.made_ms + SETTLED_MS <= now_ms]
    return max(known, key=_made) if known else min(authorities, key=_made)


def _valid(work: UnitOfWork) -> list[CertificateAuthority]:
    wanted = select(CertificateAuthority).where(CertificateAuthority.until_ms > work.now_ms)
    return sorted(work.session.exec(wanted), key=_made, reverse=True)


def _made(authority: CertificateAuthority) -> tuple[int, str]:
    return authority.made_ms, authority.serial


def _opened(work: UnitOfWork, authority: CertificateAuthority) -> Issuer:
    certificate = x509.load_pem_x509_certificate(authority.certificate.encode())
    return Issuer(certificate, read_key(work.vault.open(authority.sealed_key)))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
