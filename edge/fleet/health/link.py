"""The connection to the broker: how long a message takes there and back, and whether it keeps breaking."""

import threading
from collections import deque

from edge.clock import Clock
from edge.fleet.health.finding import Finding, Limits

HOUR_MS = 3_600_000
SLOW = "The network is slow: the broker takes long to answer."
FLAPPING = (
    "The connection breaks again and again: look at the cable, the Wi-Fi or the network behind it."
)


class LinkHealth:
    """Told by the uplink, from its threads; asked by the monitor."""

    def __init__(self, clock: Clock, round_trip_ms: Limits, connections_per_hour: Limits) -> None:
        self._clock = clock
        self._round_trip_ms = round_trip_ms
        self._connections_per_hour = connections_per_hour
        self._lock = threading.Lock()
        self._connected_ms: deque[int] = deque()
        self._answered_ms: int | None = None
        self._asked_at_ms: int | None = None

    def connected(self) -> None:
        """A connection has begun."""
        with self._lock:
            self._connected_ms.append(self._now_ms())

    def lost(self) -> None:
        """It has ended; what was asked stays unanswered."""
        with self._lock:
            self._asked_at_ms = self._answered_ms = None

    def asked(self) -> None:
        """Something was sent whose arrival the broker acknowledges."""
        with self._lock:
            self._asked_at_ms = self._now_ms()

    def answered(self) -> None:
        """The acknowledgement of what was asked last."""
        with self._lock:
            if self._asked_at_ms is not None:
                self._answered_ms = self._now_ms() - self._asked_at_ms
                self._asked_at_ms = None

    def __call__(self) -> list[Finding]:
        with self._lock:
            now_ms = self._now_ms()
            while self._connected_ms and now_ms - self._connected_ms[0] >= HOUR_MS:
                self._connected_ms.popleft()
            # What is not answered yet has taken at least as long as it is waiting.
            waiting_ms = 0 if self._asked_at_ms is None else now_ms - self._asked_at_ms
            known = self._answered_ms is not None or self._asked_at_ms is not None
            round_trip_ms = max(waiting_ms, self._answered_ms or 0) if known else None
            connections = len(self._connected_ms)
        return [
            *([] if round_trip_ms is None else [self._round_trip(round_trip_ms)]),
            self._connections(connections),
        ]

    def _round_trip(self, took_ms: int) -> Finding:
        status = self._round_trip_ms.status(took_ms)
        if status == "ok":
            return Finding("round_trip", status, took_ms, "ms")
        return Finding("round_trip", status, took_ms, "ms", SLOW, "slow")

    def _connections(self, count: int) -> Finding:
        status = self._connections_per_hour.status(count)
        if status == "ok":
            return Finding("connection", status, count, "per hour")
        return Finding("connection", status, count, "per hour", FLAPPING, "flapping")

    def _now_ms(self) -> int:
        return self._clock.monotonic_ns() // 1_000_000
