"""The checks of a terminal, on a folder that stands for `/`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wellheard.doctor import examine, terminal
from wellheard.doctor.finding import Finding
from wellheard.doctor.machine import Machine
from wellheard.image.files import PLACES

MOUNTS = """\
22 1 0:20 / / rw - overlay overlayroot rw
30 22 179:3 /wellheard /var/lib/wellheard rw,noatime - ext4 /dev/mmcblk0p3 rw
"""
Check = Callable[[Machine], Finding]


def write(root: Path, name: str, text: str = "") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def pi(tmp_path: Path) -> Machine:
    """A terminal that lacks nothing."""
    for name, text in (
        ("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0"),
        ("proc/self/mountinfo", MOUNTS),
        ("sys/class/watchdog/watchdog0/state", "active\n"),
        ("opt/wellheard/launcher.py", ""),
        ("var/lib/wellheard/releases/1.0-abc/.ready", ""),
        ("var/lib/wellheard/terminal.toml", ""),
        ("dev/dri/card1", ""),
        ("usr/bin/cage", ""),
        ("usr/bin/chromium", ""),
        ("sys/devices/platform/soc/soc:firmware/get_throttled", "0\n"),
    ):
        write(tmp_path, name, text)
    return Machine(tmp_path)


def test_a_terminal_that_lacks_nothing_is_told_so(pi: Machine) -> None:
    found = list(terminal.terminal(pi))
    assert {finding.status for finding in found} == {"ok"}
    assert len({finding.concern for finding in found}) == 7
    concerns = [finding.concern for finding in examine(pi)]
    assert len(concerns) == len(set(concerns))


def test_another_machine_is_not_asked_to_be_one(tmp_path: Path) -> None:
    assert list(terminal.terminal(Machine(tmp_path))) == []


@pytest.mark.parametrize(
    ("name", "text", "check", "status"),
    [
        ("dev/dri/card1", None, terminal.screen, "warn"),
        ("opt/wellheard/launcher.py", None, terminal.software, "missing"),
        ("proc/self/mountinfo", MOUNTS.splitlines()[0], terminal.data_partition, "missing"),
        ("proc/self/mountinfo", MOUNTS.replace("overlay", "ext4"), terminal.read_only_root, "warn"),
        ("sys/class/watchdog/watchdog0/state", "inactive", terminal.watchdog, "warn"),
        (
            "sys/devices/platform/soc/soc:firmware/get_throttled",
            "50005",
            terminal.power,
            "warn",
        ),
        ("usr/bin/cage", None, terminal.screen, "missing"),
        ("var/lib/wellheard/releases/1.0-abc/.ready", None, terminal.software, "missing"),
        ("var/lib/wellheard/terminal.toml", None, terminal.identity, "missing"),
    ],
)
def test_what_is_missing_is_named_with_its_mending(
    name: str, text: str | None, check: Check, status: str, pi: Machine
) -> None:
    if text is None:
        (pi.root / name).unlink()
    else:
        write(pi.root, name, text)
    found = check(pi)
    assert found.status == status
    assert found.mend


def test_one_that_waits_to_be_accepted_is_no_fault(pi: Machine) -> None:
    (pi.root / "var/lib/wellheard/terminal.toml").unlink()
    write(pi.root, "var/lib/wellheard/enrolment.toml")
    assert terminal.identity(pi).status == "warn"


def test_it_looks_where_the_card_puts_things() -> None:
    unit = Path("firmware_config/systemd/wellheard-edge.service").read_text()
    assert f"/{terminal.LAUNCHER} --folder /{terminal.FOLDER}" in unit
    assert "systemd/data.mount" in PLACES
