"""What is known of terminals when a rollout is judged: their state, their checks, their ledger, their jobs."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlmodel
from sqlalchemy import select
from sqlmodel import col

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import registry
from hub.fleet.jobs import service as jobs
from hub.fleet.ledgers import ledger
from hub.fleet.rollout_tables import RolloutDevice
from hub.fleet.rollouts.rules import Condition, Heard
from hub.fleet.rules import Coverage, ranges_of
from hub.fleet.tables import HealthFact

GAP_PATIENCE_MS = 10 * 60_000
"""A message may be on its way for so long."""
AT_ONCE = 500
"""Names in one question: databases have a limit."""


@dataclass(frozen=True, slots=True)
class Present:
    """How a terminal is now; `missing` numbers of its ledger are neither here nor on it."""

    online: bool = False
    last_seen_ms: int | None = None
    software: str = ""
    failing: Mapping[str, int] = field(default_factory=dict)
    missing: int = 0


def present(work: UnitOfWork, devices: Collection[str]) -> dict[str, Present]:
    """How these terminals are; of unknown ones there is nothing."""
    found: dict[str, Present] = {}
    for some in _portions(devices):
        failing, missing = _failing(work, some), _missing(work, some)
        for device, row in registry.find(work, set(some)).items():
            found[device] = Present(
                online=row.online,
                last_seen_ms=row.last_seen_ms,
                software=row.software,
                failing=failing.get(device, {}),
                missing=max(0, missing.get(device, 0) - row.pending),
            )
    return found


def heard(work: UnitOfWork, scope: Scope, names: Collection[str]) -> dict[str, Heard]:
    """What jobs have come to, by name."""
    found: dict[str, Heard] = {}
    for some in _portions(names):
        for view in jobs.jobs(work, scope, names=some, most=AT_ONCE):
            found[view.id] = Heard(
                view.outcome, view.release, view.reason, view.heard_ms, view.closed
            )
    return found


def condition(part: RolloutDevice, now: Present, now_ms: int, *, fewer_answers: bool) -> Condition:
    """As it is judged: what failed or was missing before the terminal was asked is no fault of the release."""
    before = set(part.failing_before.split())
    gap = part.gap_since_ms is not None and now_ms - part.gap_since_ms >= GAP_PATIENCE_MS
    return Condition(
        online=now.online,
        last_seen_ms=now.last_seen_ms,
        software=now.software,
        failing={check: since for check, since in now.failing.items() if check not in before},
        loses_messages=gap,
        fewer_answers=fewer_answers,
    )


def note_gap(part: RolloutDevice, now: Present, now_ms: int) -> None:
    """Since when more is missing of its ledger than when it was asked."""
    if now.missing <= part.missing_before:
        part.gap_since_ms = None
    elif part.gap_since_ms is None:
        part.gap_since_ms = now_ms


def _failing(work: UnitOfWork, devices: Collection[str]) -> dict[str, dict[str, int]]:
    wanted = sqlmodel.select(HealthFact).where(
        col(HealthFact.device).in_(devices), HealthFact.status == "failure"
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for fact in work.session.exec(wanted):
        found[fact.device][fact.check] = fact.at_ms if fact.since_ms is None else fact.since_ms
    return found


def _missing(work: UnitOfWork, devices: Collection[str]) -> dict[str, int]:
    columns = (ledger.c.device, ledger.c.contiguous, ledger.c.beyond, ledger.c.highest)
    found: dict[str, int] = defaultdict(int)
    for row in work.connection.execute(select(*columns).where(ledger.c.device.in_(devices))):
        ranges = Coverage(row.contiguous, ranges_of(row.beyond)).missing(row.highest)
        found[row.device] += sum(last - first + 1 for first, last in ranges)
    return found


def _portions(names: Collection[str]) -> list[list[str]]:
    ordered = sorted(names)
    return [ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE)]
