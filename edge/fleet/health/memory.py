"""How much memory could still be had."""

import re
from pathlib import Path

from edge.fleet.health.finding import Finding, Limits
from edge.fleet.health.readings import read_text

LOW = "Memory is running out: restart the terminal; if it comes back, its log says more."
_LINE = re.compile(r"^(MemTotal|MemAvailable):\s+(\d+) kB$", re.MULTILINE)


def check_memory(proc: Path, limits: Limits) -> list[Finding]:
    """The available share, in per cent; nothing where the kernel does not say."""
    found = {name: int(kb) for name, kb in _LINE.findall(read_text(proc / "meminfo") or "")}
    if not found.get("MemTotal") or "MemAvailable" not in found:
        return []
    available = 100 * found["MemAvailable"] / found["MemTotal"]
    status = limits.status(available)
    bad = status != "ok"
    return [
        Finding(
            "memory", status, round(available, 1), "%", LOW if bad else "", "low" if bad else ""
        )
    ]
