"""How each terminal stands at this moment, read from what is known of it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Table, func, select

from contract.jobs import UpdateJob
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import service
from hub.fleet.health.troubles import Fact, Level, Seen, Trouble, level, troubles
from hub.fleet.jobs.service import open_updates
from hub.fleet.service import DeviceView
from hub.fleet.tables import HealthFact
from hub.fleet.tagging import tags

health_fact: Table = HealthFact.__table__  # type: ignore[attr-defined]

EVENING, MORNING = 18 * 60, 8 * 60
"""Minutes of the day between which a window is in the night."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One terminal, and how it is; troubles come the worst first."""

    device: DeviceView
    level: Level
    troubles: list[Trouble] = field(default_factory=list)
    tags: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()
    """The kinds of check that found something."""
    waits_for_night: bool = False


@needs(Permission.SEE_DEVICES)
def standings(
    work: UnitOfWork, scope: Scope, devices: Collection[str] | None = None
) -> list[Standing]:
    """Of every terminal of the scope, or of these, by facility and name."""
    wrong = _wrong(work, scope)
    reported = _reported(work, scope)
    given, updates = tags(work, scope), open_updates(work, scope)
    return [
        _standing(
            view,
            []  # one that was shut out is away on purpose
            if view.status == "revoked"
            else troubles(
                _seen(view, reported.get(view.device, 0)), wrong[view.device], work.now_ms
            ),
            given.get(view.device, frozenset()),
            updates.get(view.device),
        )
        for view in service.devices(work, scope)
        if devices is None or view.device in devices
    ]


def _standing(
    view: DeviceView, found: list[Trouble], tagged: frozenset[str], update: UpdateJob | None
) -> Standing:
    return Standing(
        device=view,
        level=level(_seen(view), found, waits=update is not None),
        troubles=found,
        tags=tagged,
        failing=frozenset(trouble.kind for trouble in found),
        waits_for_night=update is not None and is_for_night(update),
    )


def is_for_night(update: UpdateJob) -> bool:
    """Whether all its windows begin in the evening or at night."""
    starts = [window.starts for window in update.windows]
    return bool(starts) and all(minute >= EVENING or minute < MORNING for minute in starts)


def _seen(view: DeviceView, reported_ms: int = 0) -> Seen:
    return Seen(
        online=view.online,
        stopped=view.status == "stopped",
        refused=view.refused,
        last_seen_ms=view.last_seen_ms,
        reported_ms=reported_ms,
        retired=view.status == "revoked",
    )


def _wrong(work: UnitOfWork, scope: Scope) -> defaultdict[str, list[Fact]]:
    """Only the facts that are not ok: of a thousand terminals there are fifteen times as many."""
    c = health_fact.c
    rows = select(
        c.device, c.check, c.status, c.reason, c.detail, c.at_ms, func.coalesce(c.since_ms, c.at_ms)
    ).where(scope.rows(c), c.status != "ok")
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for device, *fact in work.connection.execute(rows):
        found[device].append(Fact(*fact))
    return found


def _reported(work: UnitOfWork, scope: Scope) -> dict[str, int]:
    c = health_fact.c
    newest = select(c.device, func.max(c.at_ms)).where(scope.rows(c)).group_by(c.device)
    return {row[0]: row[1] for row in work.connection.execute(newest)}
