"""Which release is started: tries are counted before, what is bad stays away, and something always runs."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.fleet import launcher
from edge.fleet.launcher import TRIES, Launcher, main


class Card:
    """A terminal's folder with releases whose interpreters are empty files."""

    def __init__(self, folder: Path, *slots: str) -> None:
        self.folder = folder
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
        return Launcher(self.folder).choose()


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


def test_it_needs_the_standard_library_alone() -> None:
    source = Path(launcher.__file__).read_text()
    imported = {
        line.split()[1].partition(".")[0]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= {"collections", "json", "os", "pathlib", "sys", "typing"}
