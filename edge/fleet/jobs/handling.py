"""What does a job, and how it says how it gets on."""

from typing import Protocol

from contract.jobs import Job
from edge.fleet.jobs.memory import Begun, Outcome


class Report(Protocol):
    """Says how one job gets on; from any thread. After an end nothing more is heard."""

    def __call__(
        self, outcome: Outcome, step: str, reason: str = "", release: str | None = None
    ) -> None: ...


class Handler(Protocol):
    """Does jobs of one kind. Called on one thread, one job after the other; long work needs a thread of its own."""

    def begin(self, job: Job, report: Report) -> None:
        """Do it, or begin to; an exception is reported as a failure. It is remembered already as begun."""
        ...

    def resume(self, begun: Begun, report: Report) -> None:
        """An earlier run of the agent, perhaps in an earlier boot, has begun it and not said its end."""
        ...

    def take_back(self, job: str) -> None:
        """The hub asks for it no more; if it is done all the same, its end is still reported."""
        ...
