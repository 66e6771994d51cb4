"""What the hub counts about itself, in Prometheus' form. One object, handed to whoever counts."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The hub's counters on a registry of their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.messages_received = Counter(
            "wellheard_messages_received",
            "Messages from terminals: stored, duplicate or dead_letter",
            ["result"],
            registry=self.registry,
        )
        for result in ("stored", "duplicate", "dead_letter"):
            self.messages_received.labels(result)
        self.batches = Counter(
            "wellheard_batches", "Transactions of ingestion", registry=self.registry
        )
        self.batch_seconds = Histogram(
            "wellheard_batch_seconds",
            "From the first message of a batch to its commit",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.queue_depth = Gauge(
            "wellheard_queue_depth", "Messages received and not yet stored", registry=self.registry
        )
        self.sse_clients = Gauge("wellheard_sse_clients", "Open live pages", registry=self.registry)
        self.points_waiting = Gauge(
            "wellheard_points_waiting",
            "Points of time series not yet written; those of the last two minutes always wait",
            registry=self.registry,
        )
        self.points_dropped = Counter(
            "wellheard_points_dropped",
            "Points of time series given up: too old, refused by the store, or waited too long",
            ["reason"],
            registry=self.registry,
        )
        for reason in ("old", "refused", "waited"):
            self.points_dropped.labels(reason)
        self.http_requests = Counter(
            "wellheard_http_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.http_seconds = Histogram(
            "wellheard_http_seconds",
            "Time to answer a request, streams excepted",
            buckets=_SECONDS,
            registry=self.registry,
        )

    def exposition(self) -> bytes:
        """Everything, as `/metrics` shows it."""
        return generate_latest(self.registry)
