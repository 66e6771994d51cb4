"""Which release is started: tries are counted before, what is bad stays away, and something always runs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.fleet import launcher
from edge.fleet.anew import SUPERVISED, say_farewell
from edge.fleet.launcher import BASE, CRASHES, SOON_S, STARTS, TRIES, WITHIN_S, Launcher, main


class Card:
    """A terminal's folder with releases whose interpreters are empty files."""

    def __init__(self, folder: Path, *slots: str) -> None:
        self.folder = folder
        self.boot, self.now_s = "boot", 1000.0
        for slot in slots:
            python = folder / "releases" / slot / "venv" / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch(mode=0o700)
            (folder / "releases" / slot / ".ready").touch()

    def write(self, **state: Any) -> None:
        (self.folder / "updates.json").write_text(json.dumps(state))

    def state(self) -> Any:
        return json.loads((self.folder / "updates.json").read_bytes())

    def choose(self) -> str | None:
        return Launcher(self.folder, now=lambda: (self.boot, self.now_s)).choose()

    def run_for(self, seconds: float) -> str | None:
        """Start, and end after so long without a farewell; returns what was started."""
        slot = self.choose()
        self.now_s += seconds
        return slot

    def reboot(self) -> None:
        self.boot += "'"
        self.now_s = 20.0


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path, "1-a", "2-b", "3-c")


def test_the_last_good_one_runs_when_nothing_is_tried(card: Card) -> None:
    card.write(good="2-b", previous="1-a", trial=None)
    assert [card.choose() for _ in range(5)] == ["2-b"] * 5


def test_a_release_is_tried_so_often_and_then_marked_for_ever(card: Card) -> None:
    card.write(
        good="1-a", trial={"slot": "2-b", "tries": 0, "note": 1}, bad={"3-c": "x"}, other=[7]
    )
    for tries in range(1, TRIES + 1):
        assert card.choose() == "2-b"
        assert card.state()["trial"] == {"slot": "2-b", "tries": tries, "note": 1}
    assert card.choose() == "1-a"
    assert card.state() == {
        "good": "1-a",
        "trial": None,
        "bad": {"3-c": "x", "2-b": "it did not prove itself in 3 starts"},
        "other": [7],
    }
    assert card.choose() == "1-a"


def test_a_try_that_cannot_be_counted_is_not_made(card: Card) -> None:
    card.write(good="1-a", trial={"slot": "2-b", "tries": 0})

    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    assert Launcher(card.folder, full).choose() == "1-a"
    assert card.state()["trial"] == {"slot": "2-b", "tries": 0}


def test_both_marked_bad_the_last_good_one_starts_and_there_is_no_loop(card: Card) -> None:
    card.write(good="1-a", previous="2-b", trial=None, bad={"1-a": "x", "2-b": "y", "3-c": "z"})
    assert [card.choose() for _ in range(5)] == ["1-a"] * 5
    card.write(good="1-a", trial={"slot": "2-b", "tries": 3}, bad={"1-a": "x"})
    assert [card.choose() for _ in range(5)] == ["1-a"] * 5


@pytest.mark.parametrize(
    ("lost", "expected"), [(["1-a"], "2-b"), (["1-a", "2-b"], "3-c"), (["1-a", "2-b", "3-c"], None)]
)
def test_a_release_that_is_not_whole_is_passed_over(
    card: Card, lost: list[str], expected: str | None
) -> None:
    card.write(good="1-a", previous="2-b", trial=None)
    for slot in lost:
        (card.folder / "releases" / slot / ".ready").unlink()
    assert card.choose() == expected


def test_a_trial_that_is_not_whole_is_given_up(card: Card) -> None:
    card.write(good="1-a", trial={"slot": "9-z", "tries": 0})
    assert card.choose() == "1-a"
    assert card.state()["bad"] == {"9-z": "it cannot be started"}


@pytest.mark.parametrize("content", [b"", b'{"good": "1-', b"[]", b"\x00" * 200])
def test_what_ran_last_runs_when_the_record_cannot_be_read(card: Card, content: bytes) -> None:
    (card.folder / "updates.json").write_bytes(content)
    (card.folder / "current").symlink_to(Path("releases") / "2-b")
    assert card.choose() == "2-b"
    (card.folder / "current").unlink()
    assert card.choose() in {"1-a", "2-b", "3-c"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["good", "previous", "trial", "bad", "slot", "tries"]),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_whatever_the_record_says_something_that_is_whole_starts(
    tmp_path_factory: pytest.TempPathFactory, state: Any
) -> None:
    card = Card(tmp_path_factory.mktemp("card"), "1-a", "2-b")
    (card.folder / "updates.json").write_text(json.dumps(state))
    assert card.choose() in {"1-a", "2-b"}


def test_what_the_kernel_will_not_start_is_passed_over_and_said(
    card: Card, capfd: pytest.CaptureFixture[str]
) -> None:
    for slot in ("1-a", "2-b", "3-c"):
        (card.folder / "releases" / slot / "venv" / "bin" / "python").write_text("no program")
    card.write(good="1-a", trial={"slot": "2-b", "tries": 0})
    assert main(["--folder", str(card.folder)]) == 1
    assert card.state()["bad"] == {"2-b": "it did not prove itself in 1 starts"}
    assert "no release that is whole" in capfd.readouterr().err
    assert main([]) == 2


def test_a_kept_release_that_crashes_again_and_again_gives_way_to_the_one_before(
    card: Card,
) -> None:
    card.write(good="2-b", previous="1-a", trial=None, bad={"3-c": "x"}, other=[7])
    assert [card.run_for(SOON_S) for _ in range(CRASHES)] == ["2-b"] * CRASHES
    assert card.run_for(1) == "1-a"
    reason = f"it was kept, but then ended {CRASHES} times soon after its start"
    assert card.state() == {
        "good": "1-a",
        "previous": None,
        "trial": None,
        "left": "2-b",
        "bad": {"3-c": "x", "2-b": reason},
        "other": [7],
    }
    assert {card.run_for(1) for _ in range(3 * CRASHES)} == {"1-a"}  # it crashes, too: no loop


def test_it_never_gives_way_to_what_is_bad_or_not_there(card: Card) -> None:
    for state in ({"bad": {"1-a": "x"}}, {"previous": None}, {"previous": "9-z"}):
        card.write(**{"good": "2-b", "previous": "1-a", "trial": None, **state})
        assert {card.run_for(1) for _ in range(3 * CRASHES)} == {"2-b"}


def test_the_last_starts_of_a_trial_count_once_it_is_kept(card: Card) -> None:
    card.write(good="1-a", trial={"slot": "2-b", "tries": 0})
    assert [card.run_for(1), card.run_for(200)] == ["2-b", "2-b"]
    card.write(good="2-b", previous="1-a", trial=None)
    assert [card.run_for(1) for _ in range(CRASHES - 2)] == ["2-b"] * (CRASHES - 2)
    assert card.run_for(1) == "1-a"


def test_what_is_no_crash_is_not_counted(card: Card) -> None:
    """A farewell, a cut of the power or a reboot, a long life; and a crash now and then."""

    def farewell() -> None:
        say_farewell(card.folder)

    def a_long_life() -> None:
        card.now_s += SOON_S

    def now_and_then() -> None:
        card.run_for(WITHIN_S / (CRASHES - 1))

    card.write(good="2-b", previous="1-a", trial=None)
    for what in (farewell, card.reboot, a_long_life, now_and_then):
        for _ in range(3 * CRASHES):
            assert card.run_for(1) == "2-b"
            what()
        card.reboot()


def test_it_gives_way_even_where_that_cannot_be_written(card: Card) -> None:
    card.write(good="2-b", previous="1-a", trial=None)
    for _ in range(CRASHES):
        card.run_for(1)

    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    assert Launcher(card.folder, full, now=lambda: (card.boot, card.now_s)).choose() == "1-a"


def test_a_card_that_has_lost_every_release_runs_what_it_was_made_with(card: Card) -> None:
    base = card.folder / "made-with"
    (base / "bin").mkdir(parents=True)
    (base / "bin" / "python").touch(mode=0o700)

    def choose() -> str | None:
        return Launcher(card.folder, base=base).choose()

    card.write(good="1-a", previous="2-b", bad={"3-c": "x"})
    assert choose() == "1-a"
    for slot in ("1-a", "2-b"):
        (card.folder / "releases" / slot / ".ready").unlink()
    assert choose() == BASE  # rather than what is bad
    (card.folder / STARTS).write_text("[1]")
    card.write(good=BASE, trial={"slot": "3-c", "tries": TRIES})
    assert choose() == BASE


def test_whatever_goes_wrong_with_counting_something_starts(card: Card) -> None:
    def unknown() -> tuple[str, float]:
        raise PermissionError("boot_id")

    (card.folder / "current").symlink_to(Path("releases") / "2-b")
    card.write(good="1-a", previous=None, trial=None)
    assert Launcher(card.folder, now=unknown).choose() == "2-b"


def test_a_new_start_goes_by_the_launcher_that_started_the_agent(tmp_path: Path) -> None:
    """The real launcher, with slots that begin anew at once and no supervisor."""
    card = Card(tmp_path, "1-a", "2-b")
    anew = "from edge.fleet.anew import begin_anew; begin_anew()"
    kept = '{"good": "2-b"}'
    for slot, script in {
        "1-a": f"echo '{kept}' > {tmp_path}/updates.json; shift 3\n"
        f"exec {sys.executable} -c '{anew}' \"$@\"",
        "2-b": f'echo "$WELLHEARD_SLOT $*" > {tmp_path}/ended',
    }.items():
        python = tmp_path / "releases" / slot / "venv" / "bin" / "python"
        python.write_text(f"#!/bin/sh\n{script}\n")
    card.write(good="1-a")
    environment = {k: v for k, v in os.environ.items() if k not in SUPERVISED}
    command = [sys.executable, launcher.__file__, "--folder", str(tmp_path), "--simulate"]
    subprocess.run(command, env=environment, check=True, timeout=60)
    ended = (tmp_path / "ended").read_text().strip()
    assert ended == f"2-b -P -m wellheard edge --folder {tmp_path} --simulate"


def test_it_needs_the_standard_library_alone() -> None:
    source = Path(launcher.__file__).read_text()
    imported = {
        line.split()[1].partition(".")[0]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= {"collections", "json", "os", "pathlib", "sys", "time", "typing"}
