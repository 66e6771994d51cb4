"""Which jobs this terminal can do, and by what."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.clock import Clock
from edge.fleet.commands.diagnostics import Diagnostics, Runs, log_file
from edge.fleet.commands.patience import Patience
from edge.fleet.commands.power import Reboot, Restart
from edge.fleet.commands.screenshot import Screenshot
from edge.fleet.commands.sending import FileCommand
from edge.fleet.hub_client import HubClient
from edge.fleet.jobs.handling import Handler
from edge.fleet.jobs.jobs import Jobs
from edge.fleet.jobs.memory import JobMemory
from edge.fleet.quiet import Quiet

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Page:
    """The kiosk's page, and how large its glass is in pixels."""

    url: str
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Looking:
    """What somebody far away may have a look at; every file goes to `hub`."""

    hub: HubClient
    diagnostics: Diagnostics
    runs: Runs
    page: Page | None


def make_jobs(
    folder: Path,
    clock: Clock,
    quiet: Quiet,
    *,
    restart: Callable[[], None],
    reboot: Callable[[], None],
    update: Handler | None = None,
    looking: Looking | None = None,
) -> Jobs:
    """The jobs of the terminal whose data are in `folder`."""
    patience = Patience(quiet, clock)
    handlers: dict[str, Handler] = {
        "restart": Restart(patience, restart),
        "reboot": Reboot(patience, clock, reboot),
    }
    if update is not None:
        handlers["update"] = update
    if looking is not None:
        handlers |= _looking(looking, quiet, patience)
    return Jobs(JobMemory(folder / "jobs.json"), clock, handlers)


def _looking(looking: Looking, quiet: Quiet, patience: Patience) -> dict[str, Handler]:
    found: dict[str, Handler] = {
        "logs": FileCommand(log_file(looking.runs), looking.hub, JSON),
        "diagnostics": FileCommand(looking.diagnostics.make, looking.hub, JSON),
    }
    page = looking.page
    if page is not None:
        screenshot = Screenshot(page.url, page.size, quiet, patience)
        found["screenshot"] = FileCommand(screenshot.make, looking.hub, "image/png")
    return found
