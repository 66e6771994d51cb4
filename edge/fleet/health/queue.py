"""How much waits for the hub, and for how long."""

from edge.clock import Clock
from edge.fleet.health.finding import Finding, Limits, Status
from edge.outbox import Depth, NotStored, Outbox

DROPPED_LATELY_S = 3600
DROPPING = "The queue is full: telemetry is given up."
QUARANTINED = "The outbox was damaged and begun anew; what could not be read is kept beside it."
UNSENT = "Nothing has reached the hub for a while. Answers are safe on the disk."


class QueueCheck:
    """Depth of the outbox, and since when the oldest message in it has been the oldest."""

    def __init__(self, outbox: Outbox, clock: Clock, age_s: Limits) -> None:
        self._outbox = outbox
        self._age_s = age_s
        self._clock = clock
        self._oldest: int | None = None
        self._since_ms = 0
        self._dropped: int | None = None
        self._dropped_ms: int | None = None

    def __call__(self) -> list[Finding]:
        try:
            depth = self._outbox.depth()
        except NotStored as error:
            said = f"The outbox cannot be used: {error}."
            return [Finding("queue_depth", "failure", detail=said, reason="unusable")]
        now_ms = self._clock.monotonic_ns() // 1_000_000
        return [self._depth(depth, now_ms), self._age(depth, now_ms)]

    def _depth(self, depth: Depth, now_ms: int) -> Finding:
        """The sentences hold no numbers: a finding that changes is a message, and makes a full queue fuller."""
        if self._dropped is not None and depth.dropped > self._dropped:
            self._dropped_ms = now_ms
        self._dropped = depth.dropped
        lately = (
            self._dropped_ms is not None and now_ms - self._dropped_ms < DROPPED_LATELY_S * 1000
        )
        found = {
            "full": DROPPING if lately else "",
            "begun_anew": QUARANTINED if self._outbox.opened == "quarantined" else "",
        }
        reasons = [reason for reason, sentence in found.items() if sentence]
        status: Status = "warning" if reasons else "ok"
        detail, reason = " ".join(map(found.__getitem__, reasons)), "".join(reasons[:1])
        return Finding("queue_depth", status, depth.rows, "messages", detail, reason)

    def _age(self, depth: Depth, now_ms: int) -> Finding:
        if depth.oldest_position != self._oldest:
            self._oldest, self._since_ms = depth.oldest_position, now_ms
        age_s = 0 if self._oldest is None else (now_ms - self._since_ms) // 1000
        status = self._age_s.status(age_s)
        bad = status != "ok"
        return Finding(
            "queue_age", status, age_s, "s", UNSENT if bad else "", "unsent" if bad else ""
        )
