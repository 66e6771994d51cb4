"""What somebody far away needs to see why a terminal does not do: facts of the machine, the agent and its settings.

Decides what is let out, by name: no password, no address of a camera, nothing that a patient said.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from contract.documents import ReportedConfiguration
from contract.jobs import Job
from edge.clock import Clock
from edge.fleet.commands.sending import LARGEST_BYTES
from edge.fleet.jobs.handling import Report
from edge.outbox import NotStored, Outbox

SETTINGS = {
    "broker": ("host", "port", "tls"),
    "outbox": ("rows", "megabytes"),
    "screen": ("mode", "languages", "width_px", "height_px", "night", "brightness", "question_s"),
    "camera": ("width_px", "height_px", "frames_per_second", "zone", "detector", "cpu_percent"),
}
MEMORY = ("MemTotal", "MemAvailable", "SwapFree")
LINES_WITH_IT = 300

Lines = Callable[[], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Runs:
    """The redacted lines of this run of the agent, and of the one before, at whose end it says why it died."""

    present: Lines = list
    before: Lines = list


class Diagnostics:
    """Makes the bundle; every part by itself, so that what is broken is missing and no more."""

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, Any],
        *,
        clock: Clock,
        outbox: Outbox,
        reported: Callable[[], ReportedConfiguration],
        runs: Runs,
    ) -> None:
        self._parts: dict[str, Callable[[], Any]] = {
            "time": lambda: clock.stamp().model_dump(),
            "machine": lambda: _machine(folder),
            "memory_kb": _memory,
            "threads": lambda: sorted(thread.name for thread in threading.enumerate()),
            "packages": _packages,
            "settings": lambda: allowed(settings),
            "configuration": lambda: reported().model_dump(exclude={"refused"}, exclude_none=True),
            "outbox": lambda: _outbox(outbox),
            "log": lambda: runs.present()[-LINES_WITH_IT:],
            "log_before": lambda: runs.before()[-LINES_WITH_IT:],
        }

    def make(self, _job: Job, _report: Report) -> bytes:
        """JSON."""
        return json.dumps({name: _tried(part) for name, part in self._parts.items()}).encode()


def log_file(runs: Runs) -> Callable[[Job, Report], bytes]:
    """The latest lines of both runs, each with the one it is of; as many as a file may have, half of it for each."""

    def make(_job: Job, _report: Report) -> bytes:
        half = (LARGEST_BYTES - 2) // 2
        kept = [*_latest("before", runs.before(), half), *_latest("present", runs.present(), half)]
        return b"[" + b",\n".join(kept) + b"]"

    return make


def _latest(run: str, lines: list[dict[str, Any]], room: int) -> list[bytes]:
    kept: list[bytes] = []
    for line in reversed(lines):
        written = json.dumps({"run": run, **line}).encode()
        room -= len(written) + 2
        if room < 0:
            break
        kept.append(written)
    return kept[::-1]


def allowed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that may be seen."""
    return {
        section: {name: found[name] for name in names if name in found}
        for section, names in SETTINGS.items()
        if (found := settings.get(section)) is not None
    }


def _tried(part: Callable[[], Any]) -> Any:
    try:
        return part()
    except (OSError, ValueError, NotStored) as error:
        return {"error": type(error).__name__}


def _machine(folder: Path) -> dict[str, Any]:
    disk = shutil.disk_usage(folder)
    return {"load": os.getloadavg(), "disk_bytes": disk.total, "disk_free_bytes": disk.free}


def _memory() -> dict[str, int]:
    lines = (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
    return {
        words[0].rstrip(":"): int(words[1]) for words in lines if words[0].rstrip(":") in MEMORY
    }


def _packages() -> dict[str, str]:
    return {found.name: found.version for found in distributions()}


def _outbox(outbox: Outbox) -> dict[str, Any]:
    depth = outbox.depth()
    return {"rows": depth.rows, "bytes": depth.bytes, "dropped": depth.dropped}
