"""The little that the checks ask of the operating system, in one place, so that tests can stand in for it.

Decides nothing: a check judges what is reported here.
"""

import ctypes
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_SBIN = "/usr/local/sbin:/usr/sbin:/sbin"  # Debian's mosquitto is outside a plain user's PATH
_TIMEX_BYTES = 256  # struct timex is 208 bytes on 64-bit Linux; zeros ask without setting anything
_TIME_ERROR = 5


def may_use(device: Path) -> bool:
    return os.access(device, os.R_OK | os.W_OK)


def find_program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{_SBIN}")


def clock_synchronised() -> bool | None:
    """What the kernel says of its clock, by adjtimex(2); None where it may not be asked."""
    state = int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES)))
    return None if state < 0 else state != _TIME_ERROR


@dataclass(frozen=True)
class Machine:
    """This computer, or in a test a folder that stands for `/` with other answers."""

    root: Path = Path("/")
    may_use: Callable[[Path], bool] = may_use
    find_program: Callable[[str], str | None] = find_program
    clock_synchronised: Callable[[], bool | None] = clock_synchronised

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
