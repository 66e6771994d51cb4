"""The units are read by systemd itself."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted(Path("firmware_config/systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_no_fault_but_the_missing_program(unit: Path, tmp_path: Path) -> None:
    """`systemd-analyze verify` names every unknown key and bad value; the program is not installed here."""
    copy = tmp_path / unit.name
    shutil.copy(unit, copy)
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False
    )
    faults = [line for line in checked.stderr.splitlines() if unit.stem in line]
    assert [line for line in faults if "is not executable" not in line] == []
    assert faults, "the missing program at least must be noticed, or nothing was verified"


def test_the_agent_is_hardened(tmp_path: Path) -> None:
    unit = Path("firmware_config/systemd/wellheard-edge.service")
    scored = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=30", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert scored.returncode == 0, scored.stdout[-300:]
