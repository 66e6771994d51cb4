"""What systemd reads is read by systemd itself: units, its own settings, users."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path("firmware_config/systemd")
KINDS = {".mount", ".path", ".service", ".timer"}
UNITS = sorted(path for path in SYSTEMD.parent.rglob("*") if path.suffix in KINDS)
MOST_EXPOSED = {
    "wellheard-edge.service": 30,
    "wellheard-hub.service": 30,
    "wellheard-kiosk.service": 30,
}
"""In tenths, as `systemd-analyze security` counts. The set-up runs once, as root."""
ON_A_TERMINAL = ("wellheard-edge.service", "wellheard-kiosk.service")


def faults(unit: Path) -> list[str]:
    """What `systemd-analyze verify` says of it, but for programs and units that are not installed here."""
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    said = [line for line in checked.stderr.splitlines() if unit.stem in line]
    return [
        line for line in said if not re.search("is not executable|seatd.service not found", line)
    ]


def told(unit: Path) -> dict[str, str]:
    """A unit's settings, the last of each name."""
    lines = unit.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_no_fault(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    shutil.copy(unit, copy)
    assert faults(copy) == []
    with copy.open("a") as file:
        file.write("WantsBy=nothing\n")
    assert len(faults(copy)) == 1, "a key that there is not must be noticed, or nothing was read"


@pytest.mark.parametrize("name", sorted(MOST_EXPOSED))
def test_what_runs_for_ever_is_hardened(name: str) -> None:
    limit = f"--threshold={MOST_EXPOSED[name]}"
    scored = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", limit, str(SYSTEMD / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert scored.returncode == 0, scored.stdout[-300:]


@pytest.mark.parametrize("name", ["wellheard-edge.service", "wellheard-hub.service"])
def test_who_keeps_times_may_ask_whether_the_clock_is_set(name: str) -> None:
    """adjtimex(2), by which `edge.clock` asks, is one of the calls that ProtectClock refuses."""
    refused = subprocess.check_output(
        ["systemd-analyze", "syscall-filter", "@clock"], text=True
    ).split()
    unit = (SYSTEMD / name).read_text()
    allowed = re.findall(r"^SystemCallFilter=([^~].*)$", unit, re.MULTILINE)
    assert "adjtimex" in refused
    assert "adjtimex" in " ".join(allowed).split()
    assert "ProtectClock" not in told(SYSTEMD / name)
    assert told(SYSTEMD / name)["CapabilityBoundingSet"] == ""


def test_answers_are_never_stored_in_memory_instead_of_on_the_card() -> None:
    agent = told(SYSTEMD / "wellheard-edge.service")
    assert agent["RequiresMountsFor"] == f"/var/lib/{agent['StateDirectory']}"
    folder = told(SYSTEMD / "var-lib-wellheard.mount")
    assert folder["Where"] == agent["RequiresMountsFor"]
    assert folder["RequiresMountsFor"] == told(SYSTEMD / "data.mount")["Where"]


def test_the_screen_may_neither_read_the_answers_nor_leave_the_machine() -> None:
    kiosk = told(SYSTEMD / "wellheard-kiosk.service")
    agent = told(SYSTEMD / "wellheard-edge.service")
    assert kiosk["InaccessiblePaths"] == "-/var/lib/wellheard"
    assert (kiosk["IPAddressDeny"], kiosk["IPAddressAllow"]) == ("any", "localhost")
    assert kiosk["User"] != agent["User"]


def test_both_are_watched_and_the_machine_behind_them() -> None:
    for name in ON_A_TERMINAL:
        unit = told(SYSTEMD / name)
        assert unit["Type"] == "notify"
        assert int(unit["WatchdogSec"]) > 0
        assert unit["Restart"] == "always"
    assert told(SYSTEMD / "wellheard-edge.service")["StartLimitAction"] == "reboot"
    # The timer of the Pi's chip ends there.
    assert int(told(SYSTEMD / "wellheard-watchdog.conf")["RuntimeWatchdogSec"]) <= 15


@pytest.mark.parametrize(
    ("ours", "documented"),
    [
        ("wellheard-journal.conf", "systemd/journald.conf"),
        ("wellheard-watchdog.conf", "systemd/system.conf"),
    ],
)
def test_settings_are_ones_that_systemd_has(ours: str, documented: str, tmp_path: Path) -> None:
    """Read as a drop-in; Debian's own file lists every key there is."""
    folder = tmp_path / f"etc/{documented}.d"
    folder.mkdir(parents=True)
    shutil.copy(SYSTEMD / ours, folder / "80-wellheard.conf")
    shutil.copy(f"/etc/{documented}", tmp_path / f"etc/{documented}")
    read = subprocess.check_output(
        ["systemd-analyze", f"--root={tmp_path}", "cat-config", documented], text=True
    )
    theirs, _, drop_in = read.partition("80-wellheard.conf")
    known = set(re.findall(r"^#?([A-Z]\w+)=", theirs, re.MULTILINE))
    keys = set(re.findall(r"^([A-Z]\w+)=", drop_in, re.MULTILINE))
    assert keys
    assert keys <= known
    sections = re.findall(r"^\[(\w+)\]$", drop_in, re.MULTILINE)
    assert sections == re.findall(r"^\[(\w+)\]$", theirs, re.MULTILINE)[:1]


def test_the_units_users_and_groups_are_made(tmp_path: Path) -> None:
    files = map(str, SYSTEMD.resolve().glob("*sysusers.conf"))
    made = ["systemd-sysusers", f"--root={tmp_path}", *files]
    (tmp_path / "etc").mkdir()
    shutil.copy("/etc/group", tmp_path / "etc/group")
    subprocess.run(made, check=True, capture_output=True)
    users = (tmp_path / "etc/passwd").read_text()
    groups = {line.split(":")[0] for line in (tmp_path / "etc/group").read_text().splitlines()}
    for name in MOST_EXPOSED:
        unit = told(SYSTEMD / name)
        assert f"\n{unit['User']}:" in f"\n{users}"
        assert {unit["Group"], *unit.get("SupplementaryGroups", "").split()} <= groups
