"""Whose shift it is, for days without the hub."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.documents import DesiredConfiguration, OpenHours, RotaShift
from edge.rota import Rota
from tests.edge.drafts import NOON_MS, stamp


def shift(name: str, starts: int, ends: int, touchpoint: str = "desk") -> RotaShift:
    return RotaShift(
        shift=name,
        touchpoint=touchpoint,
        employee=f"of-{name}",
        starts_ms=NOON_MS + starts,
        ends_ms=NOON_MS + ends,
    )


def rota(path: Path, *shifts: RotaShift, version: int = 1) -> Rota:
    made = Rota(path)
    made.take(DesiredConfiguration(version=version, rota=list(shifts)))
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desired.json"


def who(made: Rota, uptime_ms: int, touchpoint: str = "desk") -> str | None:
    found = made.on_duty(touchpoint, stamp(uptime_ms))
    assert found is None or made.is_staffed(stamp(uptime_ms))
    return found.shift if found else None


def test_a_shift_holds_from_its_start_until_just_before_its_end(path: Path) -> None:
    made = rota(path, shift("early", 100, 200), shift("late", 200, 300))
    seen = [who(made, at) for at in (99, 100, 199, 200, 299, 300)]
    assert seen == [None, "early", "early", "late", "late", None]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_half_open_for_any_shift(starts: int, ends: int, at: int) -> None:
    made = Rota(Path("/dev/null/desired.json"))  # where nothing can be kept
    made.take(DesiredConfiguration(version=1, rota=[shift("s", starts, ends)]))
    assert who(made, at) == ("s" if starts <= at < ends else None)


def test_a_shift_holds_at_its_own_touchpoint(path: Path) -> None:
    made = rota(path, shift("here", 0, 10), shift("there", 0, 10, "exit"))
    assert [who(made, 5), who(made, 5, "exit"), who(made, 5, "roof")] == ["here", "there", None]


def test_nobody_is_named_by_a_clock_that_cannot_be_trusted(path: Path) -> None:
    made = rota(path, shift("s", 0, 10))
    assert made.on_duty("desk", stamp(5, synchronised=False)) is None
    assert not made.is_staffed(stamp(5, synchronised=False))


def test_it_holds_over_a_restart(path: Path) -> None:
    rota(path, shift("s", 0, 10), version=3)
    again = Rota(path)
    assert (again.version, who(again, 5)) == (3, "s")


def test_another_version_replaces_it_and_the_same_one_changes_nothing(path: Path) -> None:
    made = rota(path, shift("old", 0, 10), version=3)
    kept = path.stat().st_ino
    made.take(DesiredConfiguration(version=3))
    assert (who(made, 5), path.stat().st_ino) == ("old", kept)
    made.take(DesiredConfiguration(version=2, rota=[shift("restored", 0, 10)]))
    assert (made.version, who(made, 5)) == (2, "restored"), (
        "a hub restored from a backup counts anew"
    )


def test_the_file_is_replaced_in_one_step(path: Path) -> None:
    """A power cut leaves the old one or the new one: what is written is written beside it."""
    made = rota(path, shift("old", 0, 10), version=1)
    with path.open("rb") as old:
        made.take(DesiredConfiguration(version=2))
        assert b"old" in old.read(), "whoever reads the old one reads all of it"
    assert [p.name for p in path.parent.iterdir()] == ["desired.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[]", b'{"version":-1}', b'{"version":1,"rota":[{}]}', b"[" * 9],
)
def test_a_damaged_file_is_as_none_and_is_overwritten(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    made = Rota(path)
    assert (made.version, who(made, 5)) == (0, None)
    made.take(DesiredConfiguration(version=1, rota=[shift("s", 0, 10)]))
    assert who(Rota(path), 5) == "s"


def test_on_a_disk_that_cannot_be_written_it_holds_until_the_restart(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "desired.json"
    made = rota(path, shift("s", 0, 10), version=8)
    assert (made.version, who(made, 5)) == (8, "s")
    assert Rota(path).version == 0


def test_whether_it_is_open_is_known_when_the_hub_has_said_and_the_clock_is_right(
    path: Path,
) -> None:
    made = Rota(path)
    assert made.is_open(stamp(100)) is None
    hours = [OpenHours(opens_ms=NOON_MS + 100, closes_ms=NOON_MS + 200)]
    made.take(DesiredConfiguration(version=1, hours=hours))
    assert made.is_open(stamp(100)) is None, "an older hub says no end, and means other hours"
    made.take(DesiredConfiguration(version=2, hours=hours, hours_until_ms=NOON_MS + 300))
    assert [made.is_open(stamp(at)) for at in (99, 100, 199, 200)] == [False, True, True, False]
    assert made.is_open(stamp(100, synchronised=False)) is None
    assert made.is_open(stamp(300)) is None, "nothing is known of what comes later"
