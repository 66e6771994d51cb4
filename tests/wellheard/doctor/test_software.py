"""Python, packages, broker and clock."""

import socket
from pathlib import Path

import pytest

from wellheard.doctor import software
from wellheard.doctor.machine import Machine

NOTHING: software.Absent = {"edge": [], "hub": []}
NO_HUB: software.Absent = {"edge": [], "hub": ["fastapi", "iotcore"]}
NO_SIDE: software.Absent = {"edge": ["evdev"], "hub": ["fastapi", "iotcore"]}


def test_python() -> None:
    assert software.python().status == "ok"
    assert software.python((3, 10)).status == "missing"


def test_everything_of_the_lock_is_installed_here() -> None:
    absent = software.absent_packages()
    assert (absent["edge"], absent["hub"]) == ([], [])
    assert {"edge", "hub", "dev"} <= set(absent), "the extras were not read"


def test_one_complete_side_is_enough() -> None:
    assert "edge and hub" in software.packages(NOTHING).found
    assert software.packages(NO_HUB).found == "complete for edge"
    neither = software.packages(NO_SIDE)
    assert neither.status == "missing"
    assert "wellheard[edge]" in neither.mend


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """A PATH with a Mosquitto of which nobody asks more than to be there."""
    program = tmp_path / "mosquitto"
    program.touch(mode=0o755)
    return str(tmp_path)


def test_mosquitto_is_preferred(programs: str) -> None:
    assert software.broker("auto", NOTHING, programs).found == "Mosquitto"


def test_the_embedded_broker_is_enough() -> None:
    finding = software.broker("auto", NOTHING, programs="")
    assert (finding.status, finding.found[:8]) == ("ok", "embedded")


def test_a_terminal_needs_no_broker() -> None:
    assert software.broker("mosquitto", NO_HUB, programs="").status == "ok"


@pytest.mark.parametrize("setting", ["mosquitto", "rabbit", "http://somewhere"])
def test_a_setting_that_cannot_be_met_is_explained(setting: str) -> None:
    finding = software.broker(setting, NOTHING, programs="")
    assert finding.status == "missing"
    assert finding.mend


def test_a_broker_elsewhere_must_answer() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        url = f"mqtt://clinic:geheim@127.0.0.1:{server.getsockname()[1]}"
        silent = software.broker(url, NOTHING)
        server.listen()
        answering = software.broker(url, NOTHING)
    assert (silent.status, answering.status) == ("missing", "ok")
    assert "geheim" not in silent.found + silent.mend


@pytest.mark.parametrize(("answer", "status"), [(True, "ok"), (False, "warn")])
def test_clock(answer: bool, status: str) -> None:
    assert software.clock(Machine(clock_synchronised=lambda: answer)).status == status


def test_the_kernel_can_be_asked() -> None:
    assert Machine().clock_synchronised() in {True, False}
