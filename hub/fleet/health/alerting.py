"""Pure: when an alert is raised, comes again, and ends.

An alert belongs to one check of one terminal. A failure raises it at once, a warning when it has lasted; it ends by
itself when the trouble does. What comes again soon after is the same alert, counted and still taken on by whoever took
it on, so that something that flaps is one alert; what comes again later, or becomes worse, is news.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from hub.fleet.health.troubles import MINUTE_MS, Severity, Trouble

WARNING_LASTS_MS = 10 * MINUTE_MS
AGAIN_WITHIN_MS = 60 * MINUTE_MS

Deed = Literal["raise", "return", "worsen", "end"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest alert of one check."""

    id: int
    severity: Severity
    reason: str
    ended_ms: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done: to the alert `alert`, or to a new one."""

    deed: Deed
    check: str
    trouble: Trouble | None = None
    alert: int | None = None


def changes(found: Iterable[Trouble], latest: Mapping[str, Standing], now_ms: int) -> list[Change]:
    """What follows for the alerts of one terminal; `latest` is by check."""
    wrong = {trouble.check: trouble for trouble in found}
    needed = [_needed(trouble, latest.get(check), now_ms) for check, trouble in wrong.items()]
    over = [
        Change("end", check, alert=standing.id)
        for check, standing in latest.items()
        if standing.ended_ms is None and check not in wrong
    ]
    return [change for change in needed if change is not None] + over


def _needed(trouble: Trouble, standing: Standing | None, now_ms: int) -> Change | None:
    if standing is not None and standing.ended_ms is None:
        if (trouble.severity, standing.severity) == ("failure", "warning"):
            return Change("worsen", trouble.check, trouble, standing.id)
        return None
    if trouble.severity == "warning" and now_ms - trouble.since_ms < WARNING_LASTS_MS:
        return None
    if standing is not None and _is_the_same(trouble, standing, now_ms):
        return Change("return", trouble.check, trouble, standing.id)
    return Change("raise", trouble.check, trouble)


def _is_the_same(trouble: Trouble, standing: Standing, now_ms: int) -> bool:
    recent = standing.ended_ms is not None and now_ms - standing.ended_ms < AGAIN_WITHIN_MS
    return recent and (trouble.severity == "warning" or standing.severity == "failure")
