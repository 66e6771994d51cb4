"""What somebody far away needs to see why a terminal does not do: facts of the machine, the agent and its settings.

Decides what is let out, by name: no password, no address of a camera, nothing that a patient said.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Mapping
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
        lines: Lines,
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
            "log": lambda: lines()[-LINES_WITH_IT:],
        }

    def make(self, _job: Job, _report: Report) -> bytes:
        """JSON."""
        return json.dumps({name: _tried(part) for name, part in self._parts.items()}).encode()


def log_file(lines: Lines) -> Callable[[Job, Report], bytes]:
    """The latest lines of the log, as many as a file may have."""

    def make(_job: Job, _report: Report) -> bytes:
        kept: list[bytes] = []
        room = LARGEST_BYTES - 2
        for line in reversed(lines()):
            written = json.dumps(line).encode()
            room -= len(written) + 2
            if room < 0:
                break
            kept.append(written)
        return b"[" + b",\n".join(reversed(kept)) + b"]"

    return make


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
