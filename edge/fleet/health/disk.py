"""Free space where the outbox lives."""

import shutil
from pathlib import Path

from edge.fleet.health.finding import Finding, Status

WARNING_SHARE = 0.10
FAILURE_SHARE = 0.02


def check_disk(folder: Path) -> Finding:
    """The free share of the file system, in per cent."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        return Finding("disk", "failure", detail=f"The disk cannot be looked at: {error.strerror}.")
    free = usage.free / usage.total
    status: Status = (
        "failure" if free < FAILURE_SHARE else "warning" if free < WARNING_SHARE else "ok"
    )
    detail = (
        ""
        if status == "ok"
        else "The disk is nearly full: answers may soon be refused. Free some space."
    )
    return Finding("disk", status, round(free * 100, 1), "%", detail)
