"""udev itself reads a rendered card's rules and says what it would do with panels and sticks that are plugged in."""

import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edge.fleet.updates.settings import UpdatesSettings
from tests.firmware_config.namespaces import apart
from wellheard.image.cli import app

PLUGGED_IN = Path(__file__).with_name("plugged_in.umockdev")
USB = "/devices/pci0/usb1/1-1"
HID = f"{USB}/1-1:1.0/0003:1209:C0DE.0001"
# In a mount namespace of its own, or the rules and the results would be this machine's.
IN_OUR_RULES = """
mount --bind "$1" /etc/udev/rules.d
mount -t tmpfs tmpfs /run
umockdev-run -d "$2" -- udevadm test --action=add "$3" 2>&1
"""


def rules(tmp_path: Path, model: str) -> Path:
    command = ["render", "--device", "hall-1", "--out", str(tmp_path / "card"), "--panel", model]
    assert CliRunner().invoke(app, command).exit_code == 0
    return tmp_path / "card/wellheard/system/etc/udev/rules.d"


def judged(folder: Path, device: str) -> str:
    """What udev would do when this device comes, as `udevadm test` tells it."""
    sandbox = [*apart(), "sh", "-ec", IN_OUR_RULES, "sh"]
    return subprocess.check_output([*sandbox, str(folder), str(PLUGGED_IN), device], text=True)


def done_by_us(told: str) -> set[str]:
    return set(re.findall(r"70-wellheard-panels\.rules:\d+ (GROUP|MODE 0660|ATTR .* 'on')", told))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rules(tmp_path_factory.mktemp("ours"), "1209:c0de")


def test_a_panel_is_the_agent_s_and_types_at_nobody(ours: Path) -> None:
    told = judged(ours, f"{HID}/input/input5/event5")
    assert done_by_us(told) == {"GROUP", "MODE 0660"}
    assert "LIBINPUT_IGNORE_DEVICE=1" in told
    assert done_by_us(judged(ours, f"{HID}/hidraw/hidraw0")) == {"GROUP", "MODE 0660"}


def test_a_panel_never_sleeps(ours: Path) -> None:
    (woken,) = done_by_us(judged(ours, USB))
    assert woken.endswith("power/control' writing 'on'")


def test_another_keyboard_stays_the_technician_s(tmp_path: Path) -> None:
    told = judged(rules(tmp_path, "1209:beef"), f"{HID}/input/input5/event5")
    assert done_by_us(told) == set()
    assert "LIBINPUT_IGNORE_DEVICE" not in told


def test_a_stick_is_mounted_for_reading_where_the_agent_looks(ours: Path) -> None:
    told = judged(ours, "/devices/pci0/usb1/1-2/block/sda/sda1")
    (run,) = re.findall(r"run: '(/usr/bin/systemd-mount .*)'", told)
    options, device, place = run.split()[-3:]
    assert {"ro", "nosuid", "nodev", "noexec"} <= set(options.partition("=")[2].split(","))
    assert (device, place) == ("/dev/sda1", "/media/sda1")
    assert Path(place).parent in UpdatesSettings().sticks


def test_udev_finds_no_fault_in_any_rule(ours: Path, tmp_path: Path) -> None:
    def faults(folder: Path) -> list[str]:
        found = [line for line in judged(folder, USB).splitlines() if line.startswith("/etc/udev")]
        # Debian's own groups may be missing on the machine that tests.
        return [line for line in found if "Unknown group" not in line]

    assert faults(ours) == []
    for rule in ours.iterdir():
        (tmp_path / rule.name).write_text(rule.read_text() + 'SUBSYSTEM=="tty", GRUOP="x"\n')
    assert len(faults(tmp_path)) >= 2, (
        "a key that there is not must be noticed, or nothing was read"
    )
