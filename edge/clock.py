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
STA_NANO = 0x2000
"""Its `status` where its `offset` is in nanoseconds rather than microseconds."""


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2), as far as it is read; zeroed it only asks."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 512),
    )


class Clock(Protocol):
    """Where the agent reads the time."""

    def stamp(self, at_ns: int | None = None) -> Stamp:
        """Both clocks now, or at a CLOCK_MONOTONIC moment that has passed."""
        ...

    def monotonic_ns(self) -> int:
        """CLOCK_MONOTONIC, the clock of the button drivers."""
        ...

    def offset_ms(self) -> float | None:
        """How far the wall clock still is from the time server's; None while none has set it."""
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

    def offset_ms(self) -> float | None:
        state, timex = self._asked()
        if not _is_set(state):
            return None
        return float(timex.offset) / (1_000_000 if timex.status & STA_NANO else 1000)

    def _synchronised(self) -> bool:
        return _is_set(self._asked()[0])

    def _asked(self) -> tuple[int, _Timex]:
        timex = _Timex()
        return int(self._adjtimex(ctypes.byref(timex))), timex


def _is_set(state: int) -> bool:
    return 0 <= state != TIME_ERROR
