"""What is gathered about a new version that is on trial: does it hear, show, see, store, and reach the hub?

Decides nothing about its fate, that is `gate`. The test message goes the way of answers, through the outbox to the hub.
"""

import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress

from contract.messages import SelfTested
from edge.clock import Clock
from edge.fleet.health.finding import Finding
from edge.fleet.updates.gate import Evidence
from edge.fleet.updates.record import Before
from edge.outbox import Draft, NotStored, Outbox, Stored

REACH_S = 3.0
OURS = ("camera", "health", "memory", "panel", "screen", "touch")
"""The health checks that a version can be blamed for; whether it reaches the hub is asked in another way."""
Submit = Callable[[list[Draft]], "Future[list[Stored]]"]


class SelfTest:
    """The terminal's own view of how well it works. Its methods may be asked from any thread.

    `hub_gone` knows whether the broker says that there is no hub, `findings` what the health checks last found.
    """

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        *,
        hub_gone: Callable[[], bool],
        broker: tuple[str, int],
        findings: Callable[[], Sequence[Finding]],
        has_painted: Callable[[], bool],
        version: str,
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._hub_gone = hub_gone
        self._broker = broker
        self._findings = findings
        self._has_painted = has_painted
        self._version = version
        self._began_s = time.monotonic()
        self._sent: Future[list[Stored]] | None = None

    def now(self) -> Before:
        """What a version that is tried later must not be worse than."""
        return Before(broken=self._broken(), painted=self._has_painted())

    def begin(self, submit: Submit) -> None:
        """Send the test message, unless it is sent; again if it could not be stored."""
        if self._sent is not None and not (self._sent.done() and self._sent.exception()):
            return
        draft = Draft(SelfTested, self._clock.stamp(), {"release": self._version})
        self._sent = submit([draft])

    def evidence(self, before: Before) -> Evidence:
        """How far it has proved itself, since the start."""
        stored = self._stored()
        confirmed = stored is not None and not self._waits(stored)
        return Evidence(
            up_s=time.monotonic() - self._began_s,
            broken=tuple(check for check in self._broken() if check not in before.broken),
            painted=self._has_painted() or not before.painted,
            stored=stored is not None,
            confirmed=confirmed,
            hub_away=not confirmed and (self._hub_gone() or not self._reaches_broker()),
        )

    def _broken(self) -> tuple[str, ...]:
        failures = {one.check for one in self._findings() if one.status == "failure"}
        return tuple(sorted(one for one in failures if one.partition(":")[0] in OURS))

    def _stored(self) -> Stored | None:
        if self._sent is None or not self._sent.done() or self._sent.exception() is not None:
            return None
        return self._sent.result()[0]

    def _waits(self, stored: Stored) -> bool:
        try:
            return self._outbox.holds(stored)
        except NotStored:
            return True

    def _reaches_broker(self) -> bool:
        """Past all of our own code but the kernel's: whether anything listens there."""
        with suppress(OSError), socket.create_connection(self._broker, REACH_S):
            return True
        return False
