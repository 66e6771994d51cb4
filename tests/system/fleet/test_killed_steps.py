"""SIGKILL before and after every step that an update puts on disk, twice in a row: a working version, every answer."""

import shutil
from itertools import product
from pathlib import Path

import pytest

from edge.fleet.updates.assembly import install_first
from edge.fleet.updates.record import Record
from tests.fakes.releases import Publisher, tiny_wheel
from tests.system.fleet.killed_steps import Kill, World, answers, play, press

ANSWERS = 5


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A terminal with a first release, to be copied for each run; a second one is there to be had."""
    folder = tmp_path_factory.mktemp("kills")
    publisher = Publisher(folder / "publisher")
    for version in ("1.0", "2.0"):
        wheel = tiny_wheel(folder / "wheels", "wellheard", version, {"wellheard.py": version})
        publisher.release(version, [wheel])
    terminal = folder / "terminal"
    terminal.mkdir()
    install_first(terminal, publisher.repository, publisher.root, "stable", "1.0")
    press(terminal, ANSWERS)
    return World(terminal, publisher.repository, publisher.root, "2.0", is_good=True)


class Runs:
    """Each in a copy of the terminal."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._number = 0

    def run(self, kills: list[Kill], *, is_good: bool = True) -> int:
        """One run, judged; returns how many writes it took."""
        self._number += 1
        folder = self._folder / str(self._number)
        shutil.copytree(self._world.folder, folder, symlinks=True)
        world = World(folder, self._world.repository, self._world.root, "2.0", is_good)
        before = answers(folder)
        story = play(world, kills)
        record = Record.model_validate_json((folder / "updates.json").read_bytes())
        good, bad = record.good or "", [slot.partition("-")[0] for slot in record.bad]
        expected = ("2.0", []) if is_good else ("1.0", ["2.0"])
        assert (good.partition("-")[0], bad) == expected, (kills, story, record)
        assert (folder / "releases" / good / ".ready").is_file()
        assert answers(folder) == before
        assert len(before) == ANSWERS
        shutil.rmtree(folder)
        return story.writes


@pytest.fixture
def runs(world: World, folder: Path) -> Runs:
    return Runs(world, folder)


def test_two_kills_in_a_row_at_each_step(runs: Runs) -> None:
    writes = runs.run([])
    assert writes >= 8
    for number in range(writes):
        runs.run([Kill(number, "after"), Kill(number + 1, "before")])


def test_a_version_that_does_not_prove_itself_is_left_however_it_is_killed(runs: Runs) -> None:
    writes = runs.run([], is_good=False)
    for number in range(writes - 3, writes):
        runs.run([Kill(number, "before"), Kill(number + 1, "after")], is_good=False)


@pytest.mark.soak
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("is_good", [True, False])
def test_every_two_kills_at_and_after_each_step(runs: Runs, is_good: bool) -> None:
    writes = runs.run([], is_good=is_good)
    for number, first, second in product(range(writes), ("before", "after"), ("before", "after")):
        for later in range(1, 4):
            kills = [Kill(number, first), Kill(number + later, second)]  # type: ignore[arg-type]
            runs.run(kills, is_good=is_good)
