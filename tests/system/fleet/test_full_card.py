"""A card that is full at one step of an update after the other: the old version runs on, and the update goes on by
itself once there is room again."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.jobs import UpdateJob
from contract.messages.envelope import MAX_INT
from edge.durable import write_durably
from edge.fleet.jobs.memory import Begun
from edge.fleet.launcher import Launcher
from edge.fleet.updates.assembly import install_first
from edge.fleet.updates.record import Record, RecordFile
from edge.outbox import Outbox
from tests.fakes.releases import Publisher, tiny_wheel
from tests.fakes.waiting import eventually
from tests.system.fleet.killed_steps import (
    World,
    answers,
    confirm_tests,
    press,
    storing,
    updater_of,
)
from tests.system.small_disks import SmallDisk, may_mount, mounted

SIZE = "24m"


@pytest.fixture(scope="module")
def publisher(module_folder: Path) -> Publisher:
    made = Publisher(module_folder / "publisher")
    for version in ("1.0", "2.0"):
        wheel = tiny_wheel(
            module_folder / "wheels", "wellheard", version, {"wellheard.py": version}
        )
        made.release(version, [wheel])
    return made


@pytest.fixture
def disk(folder: Path) -> Iterator[SmallDisk]:
    with mounted(folder / "card", SIZE) as small:
        yield small


class Filling:
    """Writes the record; once a step is on disk, the disk is full."""

    def __init__(self, step: str, disk: SmallDisk) -> None:
        self.step = step
        self._disk = disk
        self.full = threading.Event()

    def __call__(self, path: Path, content: bytes) -> None:
        write_durably(path, content)
        underway = Record.model_validate_json(content).underway
        if underway is not None and underway.step == self.step and not self.full.is_set():
            self._disk.fill()
            self.full.set()

    def make_room(self) -> None:
        if self._disk.is_full():
            self._disk.make_room()


@pytest.mark.skipif(not may_mount(), reason="only root may mount a small disk")
@pytest.mark.parametrize(
    "step", ["judging", "fetching", "waiting", "installing", "switching", "trying", "staying"]
)
def test_the_card_is_full_after_a_step(
    publisher: Publisher, disk: SmallDisk, folder: Path, step: str
) -> None:
    card = folder / "card"
    install_first(card, publisher.repository, publisher.root, "stable", "1.0")
    press(card, 3)
    before = answers(card)
    outbox = Outbox(card / "outbox.db", "desk-1")
    ended = threading.Event()
    hub = threading.Thread(target=confirm_tests, args=(outbox, ended))
    hub.start()
    world = World(card, publisher.repository, publisher.root, "2.0", is_good=True)
    filling = Filling(step, disk)
    try:
        while _live(world, outbox, filling):
            if step == "switching" and disk.is_full():
                assert str(Launcher(card).choose()).startswith("1.0"), "a try cannot be counted"
                disk.make_room()
    finally:
        ended.set()
        hub.join()
        outbox.close()
    record = RecordFile(card).now
    assert str(record.good).startswith("2.0")
    assert (record.trial, record.underway, record.bad) == (None, None, {})
    assert answers(card) == before


def _live(world: World, outbox: Outbox, filling: Filling) -> bool:
    """One run of the agent: until it wants to start anew (True), or nothing is under way."""
    slot = Launcher(world.folder).choose()
    assert slot is not None
    anew, put_off = threading.Event(), threading.Event()
    record = RecordFile(world.folder, filling)
    updater = updater_of(world, slot, record, outbox, anew.set)

    def report(outcome: str, step: str, reason: str = "", release: str | None = None) -> None:
        if filling.full.is_set() and reason:
            put_off.set()

    job = UpdateJob(job="j", until_ms=MAX_INT, kind="update", release="2.0", channel="stable")
    updater.resume(Begun(job=job, boot_id=""), report)
    updater.start(storing(outbox))
    eventually(lambda: anew.is_set() or put_off.is_set() or _is_done(record))
    if put_off.is_set():
        assert str(record.now.good).startswith("2.0" if filling.step == "staying" else "1.0")
        filling.make_room()
    eventually(lambda: anew.is_set() or _is_done(record))
    updater.stop()
    return anew.is_set()


def _is_done(record: RecordFile) -> bool:
    return record.now.underway is None and str(record.now.good).startswith("2.0")
