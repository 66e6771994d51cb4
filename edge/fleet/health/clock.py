"""Whether the wall clock may be trusted."""

from edge.clock import Clock
from edge.fleet.health.finding import Finding


def check_clock(clock: Clock) -> Finding:
    """A clock that no time server has set is a warning: the hub corrects the times meanwhile."""
    if clock.stamp().synchronised:
        return Finding("clock", "ok")
    detail = "No time server has set the clock since the start. The hub corrects the times; check the network."
    return Finding("clock", "warning", detail=detail)
