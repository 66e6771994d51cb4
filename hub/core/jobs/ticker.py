"""The one clockwork of the hub: has what is due done, again and again, each duty in a thread of its own.

A duty asks the database what is due; nothing that must happen lives in this process's memory. Each hub process has a
ticker, so a duty must bear being done by two at once. A slow one holds no other up.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

STOP_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is looked after every so often."""

    name: str
    every_s: float
    step: Callable[[], bool]
    """Does a little of it; True when more is waiting, which is then done at once."""


class Ticker:
    """Runs duties from `start` to `stop`. A duty that fails is tried again at its next turn."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._look_after, args=(duty,), name=duty.name, daemon=True)
            for duty in duties
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Return once nothing is being done any more, or after a while: a lease ends by itself."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(STOP_WITHIN_S)

    def _look_after(self, duty: Duty) -> None:
        while not self._stopping.wait(duty.every_s):
            try:
                while duty.step() and not self._stopping.is_set():
                    pass
            except Exception:
                log.exception("duty_failed", kind=duty.name)
