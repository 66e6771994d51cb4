"""The device checks, on a folder that stands for `/`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wellheard.doctor import hardware
from wellheard.doctor.finding import Finding
from wellheard.doctor.machine import Machine

CHECKS: dict[str, tuple[Callable[[Machine], Finding], str]] = {
    "camera": (hardware.camera, "dev/video0"),
    "buttons": (hardware.buttons, "dev/input/event3"),
    "gpio": (hardware.gpio, "dev/gpiochip0"),
    "serial": (hardware.serial_ports, "dev/ttyACM0"),
}


def write(root: Path, name: str, text: str = "") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def a_raspberry_pi(root: Path) -> None:
    write(root, "proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.5\0")


@pytest.mark.parametrize("name", CHECKS)
def test_a_device_that_may_be_used_is_fine(tmp_path: Path, name: str) -> None:
    check, node = CHECKS[name]
    write(tmp_path, node)
    assert check(Machine(tmp_path, may_use=lambda _: True)).status == "ok"


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize(("pi", "status"), [(True, "missing"), (False, "warn")])
def test_a_forbidden_device_is_a_fault_on_a_terminal_only(
    tmp_path: Path, name: str, pi: bool, status: str
) -> None:
    check, node = CHECKS[name]
    write(tmp_path, node)
    if pi:
        a_raspberry_pi(tmp_path)
    finding = check(Machine(tmp_path, may_use=lambda _: False))
    assert finding.status == status
    assert Path(node).name in finding.found
    assert finding.mend.startswith("sudo usermod -aG ")


@pytest.mark.parametrize("name", CHECKS)
def test_an_absent_device_is_never_a_fault(tmp_path: Path, name: str) -> None:
    a_raspberry_pi(tmp_path)
    check, _ = CHECKS[name]
    assert check(Machine(tmp_path)).status != "missing"


def test_the_codecs_of_a_pi_are_no_camera(tmp_path: Path) -> None:
    for number, device in (("10", "bcm2835-codec-decode"), ("20", "pispbe-input")):
        write(tmp_path, f"dev/video{number}")
        write(tmp_path, f"sys/class/video4linux/video{number}/name", f"{device}\n")
    machine = Machine(tmp_path, may_use=lambda _: True)
    assert hardware.camera(machine).status == "warn"
    write(tmp_path, "dev/video0")
    write(tmp_path, "sys/class/video4linux/video0/name", "HD Webcam\n")
    assert hardware.camera(machine) == Finding("camera", "ok", "video0")
