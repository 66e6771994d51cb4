"""The little that the checks ask of the operating system, in one place, so that tests can stand in for it.

Decides nothing: a check judges what is reported here.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.clock import SystemClock


def may_use(device: Path) -> bool:
    """Both directions: a lamp is written, and an exclusive grab wants an open for both."""
    return os.access(device, os.R_OK | os.W_OK)


def clock_synchronised() -> bool:
    """As the agent judges it."""
    return SystemClock().stamp().synchronised


@dataclass(frozen=True)
class Machine:
    """This computer, or in a test a folder that stands for `/` with other answers."""

    root: Path = Path("/")
    may_use: Callable[[Path], bool] = may_use
    clock_synchronised: Callable[[], bool] = clock_synchronised

    def devices(self, *patterns: str) -> list[Path]:
        """Device nodes below /dev, by pattern, sorted by name."""
        return sorted(path for pattern in patterns for path in (self.root / "dev").glob(pattern))

    def text(self, path: str) -> str:
        """A small file of /proc or /sys; empty where there is none."""
        try:
            return (self.root / path).read_text(errors="replace").strip("\0\n ")
        except OSError:
            return ""

    @property
    def is_terminal(self) -> bool:
        """A Raspberry Pi is taken for a terminal: there, a device that may not be used is a fault."""
        return "Raspberry Pi" in self.text("proc/device-tree/model")
