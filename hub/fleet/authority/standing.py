"""How terminals stand with the authority: until when each is let in, and whether one asks that is let in no more."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select, update

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.authority.tables import DeviceCertificate, DeviceKey


@dataclass(frozen=True, slots=True)
class Admitted:
    """`until_ms` of the certificate that lasts longest; `turned_away_ms` when a revoked key was last shown."""

    until_ms: int | None = None
    turned_away_ms: int | None = None


NOTHING_KNOWN = Admitted()


@needs(Permission.SEE_DEVICES)
def admissions(work: UnitOfWork, scope: Scope) -> dict[str, Admitted]:
    """Of each device of the scope that has, or had, a key."""
    lasting = select(DeviceCertificate.device, func.max(DeviceCertificate.until_ms)).where(
        scope.rows(DeviceCertificate), col(DeviceCertificate.revoked_ms).is_(None)
    )
    until = dict(work.session.exec(lasting.group_by(DeviceCertificate.device)).all())
    shown = select(DeviceKey.device, func.max(DeviceKey.turned_away_ms)).where(
        scope.rows(DeviceKey), col(DeviceKey.turned_away_ms).is_not(None)
    )
    away = dict(work.session.exec(shown.group_by(DeviceKey.device)).all())
    return {device: Admitted(until.get(device), away.get(device)) for device in until.keys() | away}


def turned_away(work: UnitOfWork, fingerprint: str) -> None:
    """A terminal has proved to hold this key, and the key is revoked: it is somewhere, and switched on."""
    revoked = col(DeviceKey.fingerprint) == fingerprint, col(DeviceKey.revoked_ms).is_not(None)
    shown = update(DeviceKey).where(*revoked).values(turned_away_ms=work.now_ms)
    work.connection.execute(shown)
