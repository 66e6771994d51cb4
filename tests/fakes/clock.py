"""Clocks that do not ask what day it is: one stands still until a test moves it, one goes on from a set moment."""

import time

NOON_MS = 1_750_000_000_000 - 1_750_000_000_000 % 86_400_000 + 43_200_000


class HeldClock:
    """Fits both `hub.core.clock.Clock` and whatever else asks only for `now_ms`."""

    def __init__(self, now_ms: int = NOON_MS) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        return self._now_ms

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, ms: int = 0) -> None:
        self._now_ms += int(((days * 24 + hours) * 60 + minutes) * 60_000) + ms


class RunningClock:
    """Goes as fast as the machine's, from a set moment on: what falls on which day or week never changes."""

    def __init__(self, now_ms: int = NOON_MS) -> None:
        self._ahead_ms = now_ms - time.monotonic_ns() // 1_000_000

    def now_ms(self) -> int:
        return self._ahead_ms + time.monotonic_ns() // 1_000_000
