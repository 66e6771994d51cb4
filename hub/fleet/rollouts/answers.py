"""Watches the answers of terminals that have a release: those of the hours since, beside the same hours a week before.

They are counts by terminal and hour of the store of series; nothing of what was answered. A store that cannot be asked
says nothing against a release.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import structlog

from hub.core.scope import Scope
from hub.core.timeseries.points import LEVELS, Span
from hub.core.timeseries.store import Query, StoreUnavailable, TimeSeries
from hub.fleet.rollout_tables import Rollout, RolloutDevice
from hub.fleet.rollouts.fewer import OF_A_GROUP, OF_A_TERMINAL, fewer
from hub.fleet.series import PRESSES

log = structlog.get_logger()

HOUR = LEVELS[2]
WEEK_MS = 7 * 24 * HOUR.step_ms
MOST_HOURS = 24
LATE_MS = 5 * 60_000
"""Until an hour that has passed is in the store."""


class AnswerWatch:
    """Asks the store at most once for each hour of a rollout."""

    def __init__(self, series: TimeSeries) -> None:
        self._series = series
        self._known: dict[str, tuple[tuple[int, int, int], frozenset[str]]] = {}

    def fewer(
        self, rollout: Rollout, confirmed: Sequence[RolloutDevice], now_ms: int
    ) -> frozenset[str]:
        """Of these terminals, which have confirmed, those with too few; all of a group where it has as a whole."""
        until = (now_ms - LATE_MS) // HOUR.step_ms * HOUR.step_ms
        key = (until, len(confirmed), rollout.watched_from_ms)
        known = self._known.get(rollout.id)
        if known is not None and known[0] == key:
            return known[1]
        try:
            found = self._found(rollout, confirmed, until)
        except StoreUnavailable:
            log.warning("answers_not_compared", rollout=rollout.id)
            return frozenset()
        self._known[rollout.id] = (key, found)
        return found

    def _found(
        self, rollout: Rollout, confirmed: Sequence[RolloutDevice], until: int
    ) -> frozenset[str]:
        begins = {
            p.device: _whole_hour(max(p.confirmed_ms or 0, rollout.watched_from_ms))
            for p in confirmed
        }
        watched = {
            device: max(begin, until - MOST_HOURS * HOUR.step_ms)
            for device, begin in begins.items()
            if begin < until
        }
        if not watched:
            return frozenset()
        after = self._counts(rollout.organisation, watched, until, 0)
        before = self._counts(rollout.organisation, watched, until, WEEK_MS)
        few = {d for d in watched if fewer(before[d], after[d], OF_A_TERMINAL)}
        groups: dict[int, set[str]] = defaultdict(set)
        for part in confirmed:
            if part.device in watched:
                groups[part.group].add(part.device)
        for devices in groups.values():
            if fewer(sum(before[d] for d in devices), sum(after[d] for d in devices), OF_A_GROUP):
                few |= devices
        return frozenset(few)

    def _counts(
        self, organisation: str, watched: Mapping[str, int], until: int, earlier_ms: int
    ) -> dict[str, int]:
        """Answers from each terminal's own beginning until then, moved so much into the past."""
        span = Span(min(watched.values()) - earlier_ms, until - earlier_ms)
        query = Query(Scope(organisation), HOUR, span, HOUR.step_ms, frozenset(watched))
        counts: dict[str, int] = defaultdict(int)
        for point in self._series.read(query):
            device = point.series.device
            if point.series.measurement != PRESSES or device not in watched:
                continue
            if point.at_ms + earlier_ms >= watched[device]:
                counts[device] += point.n
        return counts


def _whole_hour(at_ms: int) -> int:
    """The beginning of the next one."""
    return -(-at_ms // HOUR.step_ms) * HOUR.step_ms
