"""Waiting until nobody is being heard, for as long as a command may still be begun."""

import time
from collections.abc import Callable

from contract.jobs import Job
from edge.clock import Clock
from edge.fleet.jobs.handling import Report
from edge.fleet.quiet import QUIET_S, Quiet

LONGEST_S = 600.0
LOOK_EVERY_S = 0.5


class Patience:
    """Holds up whoever asks while a patient is there."""

    def __init__(
        self, quiet: Quiet, clock: Clock, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._quiet = quiet
        self._clock = clock
        self._sleep = sleep

    def outlasts(self, job: Job, report: Report) -> bool:
        """True once it is quiet; False, and reported as failed, when that came too late."""
        if self._is_quiet():
            return True
        report("waiting", "patient", "somebody is at the terminal")
        deadline_ns = self._clock.monotonic_ns() + int(self._longest_s(job) * 1e9)
        while not self._is_quiet():
            if self._clock.monotonic_ns() > deadline_ns:
                report(
                    "failed", "patient", "somebody was at the terminal until its time had passed"
                )
                return False
            self._sleep(LOOK_EVERY_S)
        return True

    def _is_quiet(self) -> bool:
        return self._quiet.seconds() >= QUIET_S

    def _longest_s(self, job: Job) -> float:
        now = self._clock.stamp()
        left_s = (job.until_ms - now.wall_ms) / 1000
        return max(0.0, min(left_s, LONGEST_S)) if now.synchronised else LONGEST_S
