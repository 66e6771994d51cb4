"""The terminal's clocks. A Pi has no battery clock: wall time may be wrong, uptime never is.

Decides when wall time may be trusted: when the kernel says that a time server has set it.
"""

import ctypes
import time
from pathlib import Path
from typing import Protocol

from contract.messages import Stamp

TIME_ERROR = 5
"""What adjtimex(2) returns while the clock is not synchronised."""


class Clock(Protocol):
    """Where the agent reads the time."""

    def stamp(self, at_ns: int | None = None) -> Stamp:
        """Both clocks now, or at a CLOCK_MONOTONIC moment that has passed."""
        ...

    def monotonic_ns(self) -> int:
        """CLOCK_MONOTONIC, the clock of the button drivers."""
        ...


class SystemClock:
    """The kernel's clocks."""

    def __init__(self, boot_id_file: Path = Path("/proc/sys/kernel/random/boot_id")) -> None:
        self._boot_id = boot_id_file.read_text().strip()
        self._adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex

    def stamp(self, at_ns: int | None = None) -> Stamp:
        ago_ms = 0 if at_ns is None else max(0, self.monotonic_ns() - at_ns) // 1_000_000
        return Stamp(
            wall_ms=time.time_ns() // 1_000_000 - ago_ms,
            boot_id=self._boot_id,
            uptime_ms=max(0, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000 - ago_ms),
            synchronised=self._synchronised(),
        )

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def _synchronised(self) -> bool:
        buffer = ctypes.create_string_buffer(512)  # struct timex, zeroed: only reads
        return 0 <= int(self._adjtimex(buffer)) != TIME_ERROR
