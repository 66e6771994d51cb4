"""How fast a terminal fetches, and when it begins: many of them share one line of a clinic."""

import threading
import time
from collections.abc import Callable
from random import Random


class Stopped(Exception):
    """The terminal ends, or the hub has taken the job back."""


def spread_s(device: str, job: str, most_s: int) -> float:
    """This terminal's part of the time over which a site's terminals begin; the same whenever it is asked."""
    return Random(f"{device}|{job}").uniform(0, most_s)  # noqa: S311 - spread, not secrecy


class Cap:
    """Told of bytes as they come, it waits so that no more than `bytes_per_s` come in the long run."""

    def __init__(
        self,
        bytes_per_s: int | None,
        stopping: threading.Event,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bytes_per_s = bytes_per_s
        self._stopping = stopping
        self._now_s = now_s
        self._free_s = now_s()

    def __call__(self, count: int) -> None:
        """Wait for as long as these bytes may take; Stopped as soon as somebody stops."""
        wait_s = 0.0
        if self._bytes_per_s is not None:
            now_s = self._now_s()
            self._free_s = max(self._free_s, now_s) + count / self._bytes_per_s
            wait_s = self._free_s - now_s
        if self._stopping.wait(wait_s) if wait_s > 0 else self._stopping.is_set():
            raise Stopped
