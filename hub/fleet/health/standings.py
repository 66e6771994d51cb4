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
from hub.fleet.authority.standing import NOTHING_KNOWN, Admitted, admissions
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
    wrong, reported = _wrong(work, scope), _reported(work, scope)
    given, updates = tags(work, scope), open_updates(work, scope)
    admitted = admissions(work, scope)
    found = []
    for view in service.devices(work, scope):
        name = view.device
        if devices is not None and name not in devices:
            continue
        seen = _seen(view, reported.get(name, 0), admitted.get(name, NOTHING_KNOWN))
        trouble, update = troubles(seen, wrong[name], work.now_ms), updates.get(name)
        found.append(
            Standing(
                device=view,
                level=level(seen, trouble, waits=update is not None),
                troubles=trouble,
                tags=given.get(name, frozenset()),
                failing=frozenset(one.kind for one in trouble),
                waits_for_night=update is not None and is_for_night(update),
            )
        )
    return found


def is_for_night(update: UpdateJob) -> bool:
    """Whether all its windows begin in the evening or at night."""
    starts = [window.starts for window in update.windows]
    return bool(starts) and all(minute >= EVENING or minute < MORNING for minute in starts)


def _seen(view: DeviceView, reported_ms: int, admitted: Admitted) -> Seen:
    return Seen(
        online=view.online,
        stopped=view.status == "stopped",
        refused=view.refused,
        last_seen_ms=view.last_seen_ms,
        reported_ms=reported_ms,
        shut_out=view.status == "revoked",
        certificate_until_ms=admitted.until_ms,
        turned_away_ms=admitted.turned_away_ms,
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
