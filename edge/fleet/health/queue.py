"""How much waits for the hub, and for how long."""

from edge.clock import Clock
from edge.fleet.health.finding import Finding, Status
from edge.outbox import NotStored, Outbox

WARNING_AGE_S = 3600
FAILURE_AGE_S = 3 * 24 * 3600


class QueueCheck:
    """Depth of the outbox, and since when the oldest message in it has been the oldest."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock
        self._oldest: int | None = None
        self._since_ms = 0

    def __call__(self) -> list[Finding]:
        try:
            depth = self._outbox.depth()
        except NotStored as error:
            return [
                Finding("queue_depth", "failure", detail=f"The outbox cannot be used: {error}.")
            ]
        now_ms = self._clock.monotonic_ns() // 1_000_000
        if depth.oldest_position != self._oldest:
            self._oldest, self._since_ms = depth.oldest_position, now_ms
        age_s = 0 if self._oldest is None else (now_ms - self._since_ms) // 1000
        status: Status = (
            "failure" if age_s > FAILURE_AGE_S else "warning" if age_s > WARNING_AGE_S else "ok"
        )
        detail = (
            ""
            if status == "ok"
            else "Nothing has reached the hub for a while. Answers are safe on the disk."
        )
        dropped = (
            f"{depth.dropped} telemetry messages were given up so far." if depth.dropped else ""
        )
        return [
            Finding(
                "queue_depth", "warning" if depth.dropped else "ok", depth.rows, "messages", dropped
            ),
            Finding("queue_age", status, age_s, "s", detail),
        ]
