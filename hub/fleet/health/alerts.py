"""Alerts as they are kept: read, taken on by somebody, and written as `alerting` says."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Table, delete, func, select, update

from hub.core.bulk import insert_new
from hub.core.errors import NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.events import DeviceStateChanged
from hub.fleet.health.alerting import Change, Standing, changes
from hub.fleet.health.standings import standings
from hub.fleet.health.troubles import HOUR_MS
from hub.fleet.service import DeviceView
from hub.fleet.tables import HealthAlert

health_alert: Table = HealthAlert.__table__  # type: ignore[attr-defined]

MOST_ENDED = 100
KEPT_MS = 180 * 24 * HOUR_MS
"""After its end."""
_NEW = (
    "organisation",
    "facility",
    "device",
    "check",
    "level",
    "reason",
    "raised_ms",
    "times",
    "came_ms",
)


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert; `ended_ms` None means that it still holds."""

    id: int
    organisation: str
    facility: str
    device: str
    check: str
    level: str
    reason: str
    raised_ms: int
    times: int
    came_ms: int
    ended_ms: int | None
    acknowledged_ms: int | None
    acknowledged_by: str | None


@needs(Permission.SEE_DEVICES)
def alerts(
    work: UnitOfWork, scope: Scope, *, ended: bool = False, device: str | None = None
) -> list[AlertView]:
    """Those that hold, the newest first; or the latest that have ended."""
    c = health_alert.c
    order = c.ended_ms.desc() if ended else c.came_ms.desc()
    wanted = select(health_alert).where(
        scope.rows(c), c.ended_ms.is_not(None) if ended else c.ended_ms.is_(None)
    )
    if device is not None:
        wanted = wanted.where(c.device == device)
    if ended:
        wanted = wanted.limit(MOST_ENDED)
    rows = work.connection.execute(wanted.order_by(order, c.id.desc())).mappings()
    return [AlertView(**{n: row[n] for n in AlertView.__dataclass_fields__}) for row in rows]


@needs(Permission.MANAGE_DEVICES)
def acknowledge(work: UnitOfWork, scope: Scope, alert: int, name: str) -> None:
    """`name` takes it on; who does so first keeps it."""
    c = health_alert.c
    found = work.connection.execute(
        select(health_alert).where(scope.rows(c), c.id == alert)
    ).first()
    if found is None:
        raise NotFound(_("There is no such alert."))
    taken = (
        update(health_alert)
        .where(c.id == alert, c.acknowledged_ms.is_(None))
        .values(acknowledged_ms=work.now_ms, acknowledged_by=name)
    )
    if work.connection.execute(taken).rowcount:
        work.audit.record(
            scope, "health_alert.acknowledged", f"health_alert/{alert}", facility=found.facility
        )
        work.tell(DeviceStateChanged(found.organisation, found.facility, found.device))


def needed(work: UnitOfWork, scope: Scope) -> list[tuple[DeviceView, list[Change]]]:
    """What has to change at the alerts of each terminal."""
    latest = _latest(work, scope)
    found = []
    for standing in standings(work, scope):
        known = latest.get(standing.device.device, {})
        if what := changes(standing.troubles, known, work.now_ms):
            found.append((standing.device, what))
    return found


def keep(work: UnitOfWork, scope: Scope) -> None:
    """Write what has to change; what another hub process has written meanwhile has no effect."""
    for device, found in needed(work, scope):
        for change in found:
            _write(work, device, change)
        work.tell(DeviceStateChanged(device.organisation, device.facility, device.device))


def forget(work: UnitOfWork, most: int) -> int:
    """Delete some of what ended long ago, whosever it is; how many."""
    c = health_alert.c
    old = select(c.id).where(c.ended_ms < work.now_ms - KEPT_MS).order_by(c.id).limit(most)
    gone = delete(health_alert).where(c.id.in_(old.scalar_subquery()))
    return work.connection.execute(gone).rowcount


def _write(work: UnitOfWork, device: DeviceView, change: Change) -> None:
    c = health_alert.c
    this, now_ms, trouble = c.id == change.alert, work.now_ms, change.trouble
    if trouble is None:
        over = update(health_alert).where(this, c.ended_ms.is_(None))
        work.connection.execute(over.values(ended_ms=now_ms))
    elif change.deed == "raise":
        place = (device.organisation, device.facility, device.device)
        row = (*place, trouble.check, trouble.severity, trouble.reason, now_ms, 1, now_ms)
        insert_new(work.connection, health_alert, _NEW, [row])
    elif change.deed == "return":
        again = update(health_alert).where(this, c.ended_ms.is_not(None))
        came = {"ended_ms": None, "came_ms": now_ms, "times": c.times + 1}
        work.connection.execute(again.values(**came, reason=trouble.reason))
    else:
        worse = update(health_alert).where(this, c.level != trouble.severity)
        nobody = {
            "acknowledged_ms": None,
            "acknowledged_by": None,
            "told_ms": None,
            "came_ms": now_ms,
        }
        work.connection.execute(
            worse.values(**nobody, level=trouble.severity, reason=trouble.reason)
        )


def _latest(work: UnitOfWork, scope: Scope) -> dict[str, dict[str, Standing]]:
    """Of each device and check the alert that came last."""
    c = health_alert.c
    newest = (
        select(func.max(c.id)).where(scope.rows(c)).group_by(c.device, c.check).scalar_subquery()
    )
    rows = select(c.id, c.device, c.check, c.level, c.reason, c.ended_ms).where(c.id.in_(newest))
    found: dict[str, dict[str, Standing]] = defaultdict(dict)
    for row in work.connection.execute(rows):
        found[row.device][row.check] = Standing(row.id, row.level, row.reason, row.ended_ms)
    return found
