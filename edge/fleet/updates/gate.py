"""Pure: whether a new version that is on trial stays.

It stays once it has proved itself here and the hub has confirmed its test message. It goes when it has not proved
itself in time. A hub that cannot be asked is no reason to go back: what was proved here then suffices, at the end.
"""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["wait", "stay", "go"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the new version so far."""

    up_s: float
    """How long its loop has heard presses."""
    broken: tuple[str, ...]
    """Health checks that fail now and did not under the version before."""
    painted: bool
    """The touch screen has shown its page since the start, or showed none before either."""
    stored: bool
    """The test message is on disk."""
    confirmed: bool
    """The hub has confirmed it."""
    hub_away: bool
    """The hub cannot be asked: its broker takes no connection, or says that the hub is gone."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a trial takes at least, and at most."""

    settle_s: float = 60.0
    limit_s: float = 600.0


def judge(evidence: Evidence, patience: Patience) -> tuple[Verdict, str]:
    """What becomes of it, and why."""
    lacking = _lacking(evidence, patience)
    if lacking is None and evidence.confirmed:
        return "stay", "proved here, confirmed by the hub"
    if evidence.up_s < patience.limit_s:
        return "wait", lacking or "the hub has not confirmed the test message yet"
    if lacking is not None:
        return "go", lacking
    if evidence.hub_away:
        return "stay", "proved here; the hub could not be asked"
    return "go", "the hub has not confirmed the test message"


def _lacking(evidence: Evidence, patience: Patience) -> str | None:
    if evidence.broken:
        return f"these checks fail: {', '.join(evidence.broken)}"
    if not evidence.painted:
        return "the touch screen shows nothing"
    if not evidence.stored:
        return "the test message could not be stored"
    if evidence.up_s < patience.settle_s:
        return "it has not run long enough"
    return None
