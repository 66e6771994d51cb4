"""Keeps every terminal's document up to date: looks where something has changed, and now and then everywhere.

News of a change comes from the units of work of this process. The look everywhere finds the day that has begun, what
another hub process changed, and news that a crash has swallowed between a commit and its telling.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from contract.topics import Channel, DeviceTopic
from hub.core.unit_of_work import Workplace
from hub.fleet import desired
from hub.fleet.desired import Place, Sent, Told

log = structlog.get_logger()

EVERYWHERE_EVERY_S = 300.0
AGAIN_AFTER_S = 5.0
"""After the database could not be reached."""

Send = Callable[[DeviceTopic, bytes], None]
"""To a terminal's topic, to be retained there."""


class InPlace(Protocol):
    """News of something in a facility."""

    @property
    def organisation(self) -> str: ...

    @property
    def facility(self) -> str: ...


class Changes:
    """The facilities in which something has changed since somebody last looked."""

    def __init__(self) -> None:
        self._places: set[Place] = set()
        self._lock = threading.Condition()

    def note(self, event: InPlace) -> None:
        """Something there is otherwise now. Called from any thread."""
        with self._lock:
            self._places.add((event.organisation, event.facility))
            self._lock.notify_all()

    def wake(self) -> None:
        """Whoever waits need not wait any more."""
        with self._lock:
            self._lock.notify_all()

    def wait(self, seconds: float) -> frozenset[Place]:
        """Where something has changed; empty when nothing has for that long."""
        with self._lock:
            if not self._places:
                self._lock.wait(seconds)
            places = frozenset(self._places)
            self._places.clear()
        return places


def tell(documents: Sent, send: Send) -> None:
    """Send each terminal its document."""
    for address, document in documents:
        send(DeviceTopic(address, Channel.DESIRED), document.model_dump_json().encode())


class Documents:
    """The thread that looks."""

    def __init__(self, workplace: Workplace, changes: Changes, told: Told, send: Send) -> None:
        self._workplace = workplace
        self._changes = changes
        self._told = told
        self._send = send
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="documents", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._changes.wake()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        everywhere_at = time.monotonic()
        while not self._stopping.is_set():
            places = self._changes.wait(max(0.0, everywhere_at - time.monotonic()))
            everywhere = time.monotonic() >= everywhere_at
            if self._stopping.is_set() or not (places or everywhere):
                continue
            looked = self._look(None if everywhere else places)
            if everywhere or not looked:
                wait_s = EVERYWHERE_EVERY_S if looked else AGAIN_AFTER_S
                everywhere_at = time.monotonic() + wait_s

    def _look(self, places: frozenset[Place] | None) -> bool:
        try:
            with self._workplace.begin() as work:
                changed = desired.refresh(work, self._told, places)
            tell(changed, self._send)
        except Exception:
            log.exception("documents_not_refreshed")
            return False
        return True
