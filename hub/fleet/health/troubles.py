"""Pure: what is wrong with a terminal, and who has to do something about it.

Decides which facts still count, what is wrong without any fact (a terminal that is gone, or that shares its identity),
and whether it can be mended from a desk or somebody has to go there. What it is called is said in `words`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS

GONE_AFTER_MS = 5 * MINUTE_MS
"""A terminal that starts anew, or whose network is being replugged, is back before."""
VISIT_AFTER_MS = HOUR_MS
"""What is gone for so long does not come back by itself."""
STALE_MS = 20 * MINUTE_MS
"""Every check is reported at least every five minutes: one that fell silent beside others is no check any more."""
RENEWAL_LATE_MS = 5 * 24 * HOUR_MS
"""A certificate is renewed ten days before its end: with so little left, five days of asking were in vain."""
ASKS_ANEW_MS = 3 * HOUR_MS
"""Whoever is refused asks again every hour, for as long as it is switched on."""

Severity = Literal["warning", "failure"]


class Level(IntEnum):
    """How a terminal stands, from the best on."""

    WELL = 0
    WAITING = 1
    """All right; an update waits for its window."""
    AWAITED = 2
    """Enrolled, and never heard of."""
    SHUT_OUT = 3
    """A person has had its key and its certificates revoked: nothing is taken from it."""
    WATCH = 4
    """It works, and something is not as it should be."""
    ACT = 5
    """Something must be done; from a desk."""
    VISIT = 6
    """Somebody must go there."""


@dataclass(frozen=True, slots=True)
class Fact:
    """The latest outcome of one check."""

    check: str
    status: str
    reason: str
    detail: str
    at_ms: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a terminal besides its checks."""

    online: bool
    stopped: bool
    refused: int
    last_seen_ms: int | None
    reported_ms: int = 0
    """When it last reported any check."""
    shut_out: bool = False
    certificate_until_ms: int | None = None
    """Of the certificate that lasts longest; None where it comes by password."""
    turned_away_ms: int | None = None
    """When a terminal asked the last time to be let in with a key that this one had, and has no more."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong, since when, and whether it needs a visit; `detail` is the terminal's own sentence."""

    check: str
    severity: Severity
    reason: str
    since_ms: int
    visit: bool = False
    detail: str = ""

    @property
    def kind(self) -> str:
        """The check without what it was about: `panel` of `panel:desk`."""
        return self.check.partition(":")[0]

    @property
    def level(self) -> Level:
        """What it makes of its terminal."""
        if self.visit:
            return Level.VISIT
        return Level.ACT if self.severity == "failure" else Level.WATCH


WORKING = frozenset({Level.WELL, Level.WAITING, Level.WATCH})
"""Levels at which patients are heard."""

_ON_THE_SPOT: dict[str, frozenset[str] | None] = {
    "camera": frozenset({"lost", "silent", "black", "occluded", "frozen", "damaged"}),
    "panel": frozenset({"unplugged", "stuck", "twins", "unbound"}),
    "card": None,
    "connection": None,
    "power": None,
    "temperature": None,
    "touch": None,
}
"""Failures that nobody mends from a desk, by kind of check and reason; None stands for every reason."""


def troubles(seen: Seen, facts: Sequence[Fact], now_ms: int) -> list[Trouble]:
    """Everything that is wrong, the worst first. One that was shut out is away on purpose."""
    if seen.shut_out:
        return list(_of_admission(seen, now_ms))
    counting = (
        fact for fact in facts if fact.status != "ok" and seen.reported_ms - fact.at_ms <= STALE_MS
    )
    found = [*_of_itself(seen, now_ms), *_of_admission(seen, now_ms), *map(_of_fact, counting)]
    return sorted(found, key=lambda trouble: (-trouble.level, trouble.since_ms, trouble.check))


def level(seen: Seen, found: Iterable[Trouble], *, waits: bool = False) -> Level:
    """How a terminal stands; `waits` says that an update waits for its window there."""
    if seen.shut_out:
        return Level.SHUT_OUT
    worst = max((trouble.level for trouble in found), default=Level.WELL)
    if worst is Level.WELL and seen.last_seen_ms is None:
        return Level.AWAITED
    return Level.WAITING if worst is Level.WELL and waits else worst


def _of_itself(seen: Seen, now_ms: int) -> Iterable[Trouble]:
    since_ms = now_ms if seen.last_seen_ms is None else seen.last_seen_ms
    if seen.stopped:
        yield Trouble("identity", "failure", "shared", since_ms, visit=True)
    if seen.refused:
        yield Trouble("outbox", "failure", "refuses", since_ms)
    if not seen.online and seen.last_seen_ms is not None:
        gone_ms = now_ms - seen.last_seen_ms
        severity: Severity = "failure" if gone_ms >= GONE_AFTER_MS else "warning"
        yield Trouble("offline", severity, "gone", since_ms, visit=gone_ms >= VISIT_AFTER_MS)


def _of_admission(seen: Seen, now_ms: int) -> Iterable[Trouble]:
    asked_ms = seen.turned_away_ms
    if asked_ms is not None and now_ms - asked_ms < ASKS_ANEW_MS:
        reason = "still_on" if seen.shut_out else "predecessor"
        yield Trouble("admission", "warning", reason, asked_ms)
    until_ms = seen.certificate_until_ms
    if until_ms is None or seen.shut_out:
        return
    if until_ms <= now_ms:
        yield Trouble("certificate", "failure", "expired", until_ms)
    elif until_ms - now_ms < RENEWAL_LATE_MS:
        yield Trouble("certificate", "warning", "late", until_ms - RENEWAL_LATE_MS)


def _of_fact(fact: Fact) -> Trouble:
    severity: Severity = "warning" if fact.status == "warning" else "failure"
    kind = fact.check.partition(":")[0]
    reasons = _ON_THE_SPOT.get(kind, frozenset())
    visit = severity == "failure" and (reasons is None or fact.reason in reasons)
    return Trouble(fact.check, severity, fact.reason, fact.since_ms, visit, fact.detail)
