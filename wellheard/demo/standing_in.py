"""Says every minute, as long as the demonstration runs, that the terminals are there that have a past alone.

Otherwise the hub would rightly miss them after three minutes, and the first screen tell of trouble that nobody has.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contract.topics import DeviceAddress
from hub.app import Hub, wire
from hub.core.inbox import DatabaseUnavailable
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.fleet import service as fleet
from wellheard.demo.cast import HISTORY_EPOCH, PAST_ALONE
from wellheard.demo.diary import Diary

EVERY_S = 60.0


@contextmanager
def standing_in(data: Path, every_s: float = EVERY_S) -> Iterator[None]:
    """For the terminals of the hub of this folder, until the context ends."""
    ending = threading.Event()
    thread = threading.Thread(target=_stand_in, args=(data, every_s, ending), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _stand_in(data: Path, every_s: float, ending: threading.Event) -> None:
    hub = wire(HubSettings(data=data))
    booted_ms = _now_ms()
    try:
        while not ending.is_set():
            _say(hub, booted_ms)
            ending.wait(every_s)
    finally:
        hub.database.close()


def _say(hub: Hub, booted_ms: int) -> None:
    scope = Scope(hub.parts.settings.organisation)
    with hub.parts.workplace.read() as work:
        diaries = [
            Diary(
                DeviceAddress(scope.organisation, row.facility, row.device), row.highest, booted_ms
            )
            for row in fleet.ledgers(work, scope)
            if row.epoch == HISTORY_EPOCH and row.device in PAST_ALONE
        ]
    try:
        hub.parts.inbox.store([diary.works(_now_ms()) for diary in diaries])
    except DatabaseUnavailable:
        return  # said again in a minute


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
