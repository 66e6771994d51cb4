"""Lives of a terminal's updater, each a process that is killed at a step of the record, before it is on disk or after.

The launcher's choice, the record, TUF, the store, the slots with uv, the gate and the outbox are real; left out is
hearing presses and the broker, whose part a thread plays that confirms test messages.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Literal

from contract.jobs import UpdateJob
from contract.messages import ButtonPressed
from contract.messages.envelope import MAX_INT
from edge.clock import SystemClock
from edge.fleet.anew import say_farewell
from edge.fleet.launcher import Launcher, write_durably
from edge.fleet.updates.preparing import Preparation
from edge.fleet.updates.record import RecordFile
from edge.fleet.updates.settings import UpdatesSettings
from edge.fleet.updates.slots import Slots
from edge.fleet.updates.sources import FolderSource
from edge.fleet.updates.store import WheelStore
from edge.fleet.updates.terminal import ThisTerminal
from edge.fleet.updates.trial import SelfTest, Submit
from edge.fleet.updates.trust import Trust
from edge.fleet.updates.trying import Trying
from edge.fleet.updates.updater import Updater
from edge.outbox import Draft, NotStored, Outbox, Stored
from tests.system.forking import FORKING

SETTLED, ANEW, NOTHING_RUNS = 0, 3, 4
LIFE_S = 60.0
MOST_LIVES = 12
When = Literal["before", "after"]
FAST = {
    "settle_s": 0.05, "limit_s": 1.0, "quiet_s": 1, "farewell_s": 1, "again_s": 1, "pause_s": 0.1, "reserve_mb": 1,
    "sticks": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kill:
    """At which write of all lives together, and on which side of it."""

    write: int
    when: When


@dataclass(frozen=True, slots=True)
class World:
    """Where everything is, and whether the new version is any good."""

    folder: Path
    repository: Path
    root: bytes
    new: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class Story:
    """How it went: the exit codes of all lives, and how many writes there were."""

    lives: list[int]
    writes: int


def play(world: World, kills: list[Kill]) -> Story:
    """Live until nothing is under way; fails when that takes too many lives."""
    counter = FORKING.Value("i", 0)
    lives = []
    while not lives or lives[-1] != SETTLED:
        process = FORKING.Process(target=_live, args=(world, kills, counter))
        process.start()
        process.join(LIFE_S)
        assert process.exitcode is not None, "a life does not end"
        lives.append(process.exitcode)
        assert len(lives) < MOST_LIVES, lives
        assert process.exitcode != NOTHING_RUNS, "no release could be started"
    return Story(lives, counter.value)


def answers(folder: Path) -> list[bytes]:
    """What patients said, as it waits."""
    outbox = Outbox(folder / "outbox.db", "desk-1")
    found = [one.payload for one in outbox.entries(0, 1000) if one.type == "ButtonPressed"]
    outbox.close()
    return found


def press(folder: Path, count: int) -> None:
    """Answers that no hub has confirmed yet."""
    outbox = Outbox(folder / "outbox.db", "desk-1")
    fields = {"touchpoint": "exit", "panel": "exit", "button": 1}
    outbox.append([Draft(ButtonPressed, SystemClock().stamp(), fields) for _ in range(count)])
    outbox.close()


def _live(world: World, kills: list[Kill], counter: "Synchronized[int]") -> None:
    write = _deadly(kills, counter)
    slot = Launcher(world.folder, write).choose()
    if slot is None:
        os._exit(NOTHING_RUNS)
    record = RecordFile(world.folder, write)
    outbox = Outbox(world.folder / "outbox.db", "desk-1")
    updater = updater_of(world, slot, record, outbox, lambda: _end(world.folder))
    if record.now.underway is None and world.new not in slot and not record.now.bad:
        job = UpdateJob(
            job="j", until_ms=MAX_INT, kind="update", release=world.new, channel="stable"
        )
        updater.begin(job, lambda *_: None)
    else:
        updater._take_up("j", lambda *_: None)
    threading.Thread(target=confirm_tests, args=(outbox, threading.Event()), daemon=True).start()

    updater.start(storing(outbox))
    while _is_open(record, world.new, slot):
        time.sleep(0.01)
    os._exit(SETTLED)


def _end(folder: Path) -> None:
    say_farewell(folder)
    os._exit(ANEW)


def storing(outbox: Outbox) -> Submit:
    """What the agent does with messages that somebody waits for."""

    def submit(drafts: list[Draft]) -> "Future[list[Stored]]":
        done: Future[list[Stored]] = Future()
        try:
            done.set_result(outbox.append(drafts))
        except NotStored as error:
            done.set_exception(error)
        return done

    return submit


def _is_open(record: RecordFile, new: str, slot: str) -> bool:
    now = record.now
    decided = new in (now.good or "") or bool(now.bad)
    return not decided or now.underway is not None or now.trial is not None


def updater_of(
    world: World,
    slot: str,
    record: RecordFile,
    outbox: Outbox,
    start_anew: Callable[[], None],
) -> Updater:
    """The updater of an agent that runs from a slot."""
    new = world.new in slot
    test = SelfTest(
        outbox,
        SystemClock(),
        hub_gone=lambda: False,
        broker=("127.0.0.1", 1),
        findings=list,
        has_painted=lambda: world.is_good or not new,
        version=slot.partition("-")[0],
    )
    terminal = ThisTerminal(
        "desk-1",
        slot,
        slot.partition("-")[0],
        ("x86_64",),
        SystemClock(),
        lambda: float("inf"),
        start_anew,
        test,
    )
    settings, interrupt = UpdatesSettings(**FAST), threading.Event()  # type: ignore[arg-type]
    preparation = Preparation(
        terminal,
        record,
        trust=Trust(world.folder / "tuf", world.root),
        store=WheelStore(world.folder / "wheels"),
        slots=Slots(world.folder),
        folder=world.folder,
        hub=FolderSource(world.repository),
        near=(),
        settings=settings,
        interrupt=interrupt,
    )
    trying = Trying(terminal, record, preparation, settings, interrupt)
    return Updater(
        terminal,
        record,
        preparation=preparation,
        trying=trying,
        settings=settings,
        interrupt=interrupt,
    )


def confirm_tests(outbox: Outbox, ended: threading.Event) -> None:
    """Confirms test messages and nothing else."""
    while not ended.wait(0.02):
        with suppress(NotStored):  # the card is full
            for entry in outbox.entries(0, 1000):
                if entry.type == "SelfTested":
                    outbox.confirm(entry.epoch, 0, [(entry.sequence, entry.sequence)])


def _deadly(kills: list[Kill], counter: "Synchronized[int]") -> Callable[[Path, bytes], None]:
    def write(path: Path, content: bytes) -> None:
        with counter.get_lock():
            number = counter.value
            counter.value += 1
        if Kill(number, "before") in kills:
            os.kill(os.getpid(), signal.SIGKILL)
        write_durably(path, content)
        if Kill(number, "after") in kills:
            os.kill(os.getpid(), signal.SIGKILL)

    return write
