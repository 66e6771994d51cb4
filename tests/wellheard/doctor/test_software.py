"""Python, packages, broker and clock."""

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


@pytest.mark.parametrize(
    ("mosquitto", "absent", "status", "found"),
    [
        ("/usr/sbin/mosquitto", NO_SIDE, "ok", "Mosquitto"),
        (None, NOTHING, "ok", "embedded"),
        (None, NO_HUB, "ok", "a terminal uses the hub's"),
        (None, NO_SIDE, "missing", "none"),
    ],
)
def test_broker(mosquitto: str | None, absent: software.Absent, status: str, found: str) -> None:
    finding = software.broker(Machine(find_program=lambda _: mosquitto), absent)
    assert finding.status == status
    assert found in finding.found


@pytest.mark.parametrize(("answer", "status"), [(True, "ok"), (False, "warn"), (None, "warn")])
def test_clock(answer: bool | None, status: str) -> None:
    assert software.clock(Machine(clock_synchronised=lambda: answer)).status == status


def test_the_kernel_can_be_asked() -> None:
    assert Machine().clock_synchronised() in {True, False, None}
