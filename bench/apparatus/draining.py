"""How fast a consumer drains a backlog.

The consumer hears a few answers to warm up and is then stopped (SIGSTOP) while the devices publish theirs into the
broker's queue. The clock runs from SIGCONT until the last answer is taken for good. So the load costs nothing while
it is measured, and every consumer meets the same queue.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from bench.apparatus.answers import DEVICES, packets
from bench.apparatus.consumers import Consumer
from bench.apparatus.device import Device
from bench.apparatus.figures import spread
from bench.apparatus.observed import cpu_s

WARM_UP = 200
"""Answers of each device that are taken before the clock runs."""
AT_ONCE = 100
START_S = 60.0
DRAIN_S = 300.0


@dataclass(frozen=True, slots=True)
class Drained:
    """One backlog: answers a second, and processor time of an answer in the consumer and in the broker."""

    rate: float
    cpu_us: float
    broker_us: float


class Backlog:
    """The same answers for every consumer, encoded once."""

    def __init__(self, each: int) -> None:
        self.each = each
        self._packets = [packets(device, WARM_UP + each) for device in DEVICES]

    @property
    def answers(self) -> int:
        return self.each * len(self._packets)

    @property
    def marks(self) -> tuple[int, int]:
        """How many answers of each device are taken after warming up, and in the end."""
        return WARM_UP, WARM_UP + self.each

    def drain(
        self, consumer: Consumer, devices: Sequence[Device], broker: psutil.Process
    ) -> Drained:
        """Let the consumer, which has heard nothing yet, take everything."""
        warm, whole = self.marks
        devices[0].await_announced(START_S)
        self._publish(devices, 0, warm)
        consumer.await_taken(devices, warm, DRAIN_S)
        consumer.process.suspend()
        self._publish(devices, warm, whole)
        busy_s, broker_s = cpu_s(consumer.process), cpu_s(broker)
        began = time.monotonic()
        consumer.process.resume()
        ended = consumer.await_taken(devices, whole, DRAIN_S)
        busy_s, broker_s = cpu_s(consumer.process) - busy_s, cpu_s(broker) - broker_s
        return Drained(
            self.answers / (ended - began),
            busy_s / self.answers * 1e6,
            broker_s / self.answers * 1e6,
        )

    def _publish(self, devices: Sequence[Device], first: int, last: int) -> None:
        """The devices' answers mixed, as they would come."""
        for start in range(first, last, AT_ONCE):
            for device, encoded in zip(devices, self._packets, strict=True):
                device.publish(encoded[start : min(start + AT_ONCE, last)])
        for device in devices:
            device.settle()


def summary(rounds: Sequence[Drained]) -> dict[str, Any]:
    """What is reported of a consumer."""
    return {
        "answers_per_s": spread([drained.rate for drained in rounds], 0),
        "cpu_us_per_answer": spread([drained.cpu_us for drained in rounds]),
        "broker_cpu_us_per_answer": spread([drained.broker_us for drained in rounds]),
    }
