"""The units are read by systemd itself."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted(Path("firmware_config/systemd").glob("*.service"))


def faults(unit: Path) -> list[str]:
    """What `systemd-analyze verify` says of it, but for programs that are not installed here."""
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    said = [line for line in checked.stderr.splitlines() if unit.stem in line]
    return [line for line in said if "is not executable" not in line]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_no_fault(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    shutil.copy(unit, copy)
    assert faults(copy) == []
    with copy.open("a") as file:
        file.write("WantsBy=nothing\n")
    assert len(faults(copy)) == 1, "a key that there is not must be noticed, or nothing was read"


def test_the_agent_is_hardened() -> None:
    unit = Path("firmware_config/systemd/wellheard-edge.service")
    scored = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=30", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert scored.returncode == 0, scored.stdout[-300:]


def test_the_screen_may_neither_read_the_answers_nor_leave_the_machine() -> None:
    unit = Path("firmware_config/systemd/wellheard-kiosk.service").read_text()
    agent = Path("firmware_config/systemd/wellheard-edge.service").read_text()
    told = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and line[0] != "#")
    assert told["InaccessiblePaths"] == "-/var/lib/wellheard"
    assert (told["IPAddressDeny"], told["IPAddressAllow"]) == ("any", "localhost")
    assert f"User={told['User']}\n" not in agent
