"""Pure: when somebody is told of alerts, so that much at once is one message and what flaps is few.

Alerts of a facility are gathered for a minute: a switch that dies takes many terminals along. Of a facility of which
somebody has just been told, nobody is told again for half an hour; then of all that has come since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.core.texts import gettext as _
from hub.core.texts import ngettext, number
from hub.fleet.health.troubles import MINUTE_MS
from hub.fleet.health.words import said_of

GATHERED_MS = MINUTE_MS
PAUSE_MS = 30 * MINUTE_MS
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Untold:
    """An alert that holds and of which nobody was told."""

    id: int
    device: str
    came_ms: int
    check: str
    reason: str


def is_due(untold: Sequence[Untold], last_told_ms: int | None, now_ms: int) -> bool:
    """Whether somebody is told of a facility's alerts now."""
    if not untold or (last_told_ms is not None and now_ms - last_told_ms < PAUSE_MS):
        return False
    return now_ms - min(alert.came_ms for alert in untold) >= GATHERED_MS


def subject(count: int) -> str:
    """Of the message about all facilities together."""
    text = ngettext("%(num)s terminal needs somebody", "%(num)s terminals need somebody", count)
    return text % {"num": number(count)}


def lines(found: Mapping[str, Sequence[Untold]]) -> list[str]:
    """A line for each facility, by its name: how many terminals, and what is wrong with most of them."""
    return [f"{name}: {_of_facility(alerts)}" for name, alerts in sorted(found.items())]


def _of_facility(alerts: Sequence[Untold]) -> str:
    counts: dict[str, int] = {}
    for alert in alerts:
        said = said_of(alert.check, alert.reason)
        counts[said] = counts.get(said, 0) + 1
    ordered = sorted(counts, key=lambda said: -counts[said])
    reasons = ", ".join(
        f"{said} ({number(counts[said])})" if counts[said] > 1 else said
        for said in ordered[:MOST_REASONS]
    )
    if len(ordered) > MOST_REASONS:
        reasons = _("%(reasons)s and other things") % {"reasons": reasons}
    return f"{subject(len({alert.device for alert in alerts}))}: {reasons}"
