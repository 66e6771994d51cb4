"""Performs the jobs of one kind: when they are tried again, and when they are given up.

Knows nothing of what the jobs mean. As many workers of a kind as there are hub processes may run at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from hub.core.clock import Clock
from hub.core.jobs import queue
from hub.core.jobs.queue import Claim, Job
from hub.core.unit_of_work import Workplace

log = structlog.get_logger()

Perform = Callable[[list[Job]], None]
"""Does the jobs; raises when they must be tried again, all of them. A second time must be without effect."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How jobs of a kind are done."""

    together: int = 1
    """How many are handed over at once, and succeed or fail as one."""
    in_order: bool = False
    """The earliest due first: nothing overtakes a job that fails or is in somebody's hands."""
    lease_ms: int = 120_000
    """Longer than performing ever takes."""
    pause_ms: int = 5_000
    """After the first failure; twice as long after each further one."""
    longest_pause_ms: int = 300_000
    attempts: int | None = None
    """After so many failures a job is given up and its row kept; None: never."""


class Worker:
    """Jobs of one kind, in one process."""

    def __init__(
        self,
        workplace: Workplace,
        clock: Clock,
        kind: str,
        perform: Perform,
        manner: Manner = Manner(),
    ) -> None:
        self._workplace = workplace
        self._clock = clock
        self._kind = kind
        self._perform = perform
        self._manner = manner

    def step(self) -> bool:
        """Do what may be handed over at once; False when nothing was due. Never fails because of a job."""
        with self._workplace.read() as work:
            if not queue.is_due(work, self._kind):
                return False
        claimed = self._claim()
        if not claimed.jobs:
            return False
        try:
            self._perform(claimed.jobs)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            self._failed(claimed, error)
        else:
            with self._workplace.begin() as work:
                queue.done(work, claimed)
        return True

    def _claim(self) -> Claim:
        take = queue.claim_in_order if self._manner.in_order else queue.claim
        with self._workplace.begin() as work:
            return take(work, self._kind, self._manner.together, self._manner.lease_ms)

    def _failed(self, claimed: Claim, error: Exception) -> None:
        attempt = max(held.attempts for held in claimed.jobs)
        given_up = self._manner.attempts is not None and attempt >= self._manner.attempts
        until = queue.NEVER if given_up else self._clock.now_ms() + pause(self._manner, attempt)
        with self._workplace.begin() as work:
            queue.postpone(work, claimed, until)
        event = "jobs_given_up" if given_up else "jobs_failed"
        log.warning(
            event, kind=self._kind, count=len(claimed.jobs), attempt=attempt, exc_info=error
        )


def pause(manner: Manner, attempt: int) -> int:
    """How long to wait after the failure of this attempt (1, 2 …), in milliseconds."""
    doublings = min(attempt - 1, 30)
    return min(manner.pause_ms << doublings, manner.longest_pause_ms)
