"""Which jobs this terminal can do, and by what."""

from collections.abc import Callable
from pathlib import Path

from edge.clock import Clock
from edge.fleet.commands.patience import Patience
from edge.fleet.commands.power import Reboot, Restart
from edge.fleet.jobs.handling import Handler
from edge.fleet.jobs.jobs import Jobs
from edge.fleet.jobs.memory import JobMemory
from edge.fleet.quiet import Quiet


def make_jobs(
    folder: Path,
    clock: Clock,
    quiet: Quiet,
    *,
    restart: Callable[[], None],
    reboot: Callable[[], None],
    update: Handler | None = None,
) -> Jobs:
    """The jobs of the terminal whose data are in `folder`."""
    patience = Patience(quiet, clock)
    handlers: dict[str, Handler] = {
        "restart": Restart(patience, restart),
        "reboot": Reboot(patience, clock, reboot),
    }
    if update is not None:
        handlers["update"] = update
    return Jobs(JobMemory(folder / "jobs.json"), clock, handlers)
