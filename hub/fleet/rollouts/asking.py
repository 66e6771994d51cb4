"""Asks the terminals of a group for a release, or for the version before, and remembers how they were then."""

from collections.abc import Collection, Mapping, Sequence

from contract.jobs import UpdateJob
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.jobs import service as jobs
from hub.fleet.rollout_tables import Rollout, RolloutDevice
from hub.fleet.rollouts import maintenance
from hub.fleet.rollouts.facts import Present

DAY_MS = 24 * 3600 * 1000
BEGIN_WITHIN_MS = 14 * DAY_MS
"""A job that was not begun by then is off: whatever was decided meanwhile, nobody is surprised by an old one."""


def ask(
    work: UnitOfWork,
    scope: Scope,
    rollout: Rollout,
    parts: Sequence[RolloutDevice],
    present: Mapping[str, Present],
) -> None:
    """Give these terminals the release; without any, nothing happens."""
    names = _asked(
        work, scope, rollout, parts, {p.device: (rollout.release, rollout.channel) for p in parts}
    )
    for part in parts:
        now = present.get(part.device, Present())
        part.job, part.asked_ms = names[part.device], work.now_ms
        part.before = now.software if now.software != rollout.release else part.before
        part.failing_before = " ".join(sorted(now.failing))
        part.missing_before = now.missing
        part.gap_since_ms = part.confirmed_ms = None
        part.standing, part.reason, part.detail = "asked", "", ""
        part.changed_ms = work.now_ms
        work.session.add(part)
    work.session.flush()


def ask_back(
    work: UnitOfWork,
    scope: Scope,
    rollout: Rollout,
    parts: Sequence[RolloutDevice],
    channels: Mapping[str, str],
) -> None:
    """Ask these terminals for the version that each ran before; `channels` says where each version is signed."""
    wanted = {p.device: (p.before, channels[p.before]) for p in parts}
    names = _asked(work, scope, rollout, parts, wanted)
    for part in parts:
        part.back_job, part.back_asked_ms = names[part.device], work.now_ms
        part.back_standing, part.back_reason = "asked", ""
        work.session.add(part)
    work.session.flush()


def take_back(work: UnitOfWork, scope: Scope, names: Collection[str]) -> None:
    """Have these jobs not begun; what is under way goes on and is told."""
    if names:
        jobs.take_back(work, scope, names)


def _asked(
    work: UnitOfWork,
    scope: Scope,
    rollout: Rollout,
    parts: Sequence[RolloutDevice],
    releases: Mapping[str, tuple[str, str]],
) -> dict[str, str]:
    """Each terminal's new job, by terminal."""
    windows = maintenance.in_zones(work, scope, {part.facility for part in parts})
    asked = {
        part.device: UpdateJob(
            job=jobs.new_name(),
            until_ms=work.now_ms + BEGIN_WITHIN_MS,
            kind="update",
            release=releases[part.device][0],
            channel=releases[part.device][1],
            windows=windows.get(part.facility, []),
            spread_s=rollout.spread_s,
            bytes_per_s=rollout.bytes_per_s,
        )
        for part in parts
    }
    if asked:
        jobs.ask_each(work, scope, asked)
    return {device: job.job for device, job in asked.items()}
