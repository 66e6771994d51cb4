"""Whether the wall clock may be trusted, and how far it still is from the time server's."""

from edge.clock import Clock
from edge.fleet.health.finding import Finding, Limits

UNSET = "No time server has set the clock since the start. The hub corrects the times; check the network."
OFF = "The clock is being put right, and is still wrong. The hub corrects the times meanwhile."


def check_clock(clock: Clock, limits: Limits) -> list[Finding]:
    """A clock that no time server has set is a warning: the hub corrects the times meanwhile."""
    offset_ms = clock.offset_ms() if clock.stamp().synchronised else None
    if offset_ms is None:
        return [Finding("clock", "warning", detail=UNSET, reason="unset")]
    status = limits.status(abs(offset_ms))
    bad = status != "ok"
    return [
        Finding(
            "clock", status, round(offset_ms, 1), "ms", OFF if bad else "", "off" if bad else ""
        )
    ]
