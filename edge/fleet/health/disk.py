"""Free space where the outbox lives."""

import shutil
from pathlib import Path

from edge.fleet.health.finding import Finding, Limits

FULL = "The disk is nearly full: answers may soon be refused. Free some space."


def check_disk(folder: Path, limits: Limits) -> list[Finding]:
    """The free share of the file system, in per cent."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        said = f"The disk cannot be looked at: {error.strerror}."
        return [Finding("disk", "failure", detail=said, reason="unreadable")]
    free = 100 * usage.free / usage.total
    status = limits.status(free)
    bad = status != "ok"
    return [
        Finding("disk", status, round(free, 1), "%", FULL if bad else "", "full" if bad else "")
    ]
