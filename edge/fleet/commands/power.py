"""Starting the agent or the machine anew, when nobody is at the terminal; what is heard until then is stored."""

import subprocess
from collections.abc import Callable

from contract.jobs import Job
from edge.clock import Clock
from edge.fleet.commands.patience import Patience
from edge.fleet.jobs.handling import Report
from edge.fleet.jobs.memory import Begun

REBOOT = ("systemctl", "reboot")
PATIENCE_S = 30


class Restart:
    """Ends the agent; whoever supervises it starts it anew."""

    def __init__(self, patience: Patience, end: Callable[[], None]) -> None:
        self._patience = patience
        self._end = end

    def begin(self, job: Job, report: Report) -> None:
        if self._patience.outlasts(job, report):
            report("running", "restart")
            self._end()

    def resume(self, _begun: Begun, report: Report) -> None:
        report("done", "restarted")

    def take_back(self, job: str) -> None:
        """It cannot be stopped."""


class Reboot:
    """Starts the machine anew; done when the agent runs in another boot."""

    def __init__(self, patience: Patience, clock: Clock, reboot: Callable[[], None]) -> None:
        self._patience = patience
        self._clock = clock
        self._reboot = reboot

    def begin(self, job: Job, report: Report) -> None:
        if self._patience.outlasts(job, report):
            report("running", "reboot")
            self._reboot()

    def resume(self, begun: Begun, report: Report) -> None:
        if self._clock.stamp().boot_id != begun.boot_id:
            report("done", "rebooted")
        else:
            report("failed", "reboot", "the agent ended, the machine did not")

    def take_back(self, job: str) -> None:
        """It cannot be stopped."""


def reboot_machine() -> None:
    """Ask systemd; OSError or SubprocessError when it refuses."""
    subprocess.run(REBOOT, check=True, timeout=PATIENCE_S, capture_output=True)
