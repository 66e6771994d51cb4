"""On what a benchmark ran, so that its numbers can be judged."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psutil

VERSION = re.compile(r"\d+(?:\.\d+)+\S*")
PROGRAMS = {
    "mosquitto": ("mosquitto", "-h"),
    "node": ("node", "--version"),
    "postgresql": ("postgres", "--version"),
}


def describe(*programs: str) -> dict[str, Any]:
    """Processor, memory, load and versions, as they are now: call it before the load begins."""
    memory = psutil.virtual_memory()
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gib": round(memory.total / 2**30, 1),
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: _version(*PROGRAMS[name]) for name in programs},
    }


def find_program(name: str) -> str | None:
    """Also where Debian keeps what an ordinary PATH does not name; of several PostgreSQLs the newest."""
    beside_path = [*sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), f"/usr/sbin/{name}"]
    candidates = (shutil.which(name), *(str(path) for path in reversed(beside_path)))
    return next((path for path in candidates if path and Path(path).exists()), None)


def _version(program: str, option: str) -> str | None:
    path = find_program(program)
    if path is None:
        return None
    said = subprocess.run([path, option], capture_output=True, text=True, check=False)
    found = VERSION.search(said.stdout + said.stderr)
    return found[0] if found else None


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    names = (line.partition(": ")[2] for line in lines if line.startswith(("model name", "Model")))
    return next(names, platform.machine())
