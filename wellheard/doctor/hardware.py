"""Camera, button panels, GPIO and serial ports: are they there, and may this user use them?

Decides how bad it is: a device that is there but forbidden is a fault on a terminal and a remark
elsewhere; one that is not there is a remark at most, because every one of them is optional.
"""

import re
from pathlib import Path

from wellheard.doctor.finding import Finding
from wellheard.doctor.machine import Machine

# A Pi has video nodes for its codecs and image processor whether or not a camera is plugged in.
_NOT_A_CAMERA = re.compile(r"bcm2835-(codec|isp)|pispbe|rpi-hevc|rpivid", re.IGNORECASE)


def camera(machine: Machine) -> Finding:
    """Video devices that are cameras."""
    names = {
        node: machine.text(f"sys/class/video4linux/{node.name}/name")
        for node in machine.devices("video*")
    }
    cameras = [node for node, name in names.items() if not _NOT_A_CAMERA.search(name)]
    if not cameras:
        return Finding(
            "camera",
            "warn",
            "none; presence is not counted and no photograph taken",
            "Plug in a USB camera, or connect the ribbon cable and restart.",
        )
    return _permitted("camera", machine, cameras, "video")


def buttons(machine: Machine) -> Finding:
    """Input devices, which is what a USB button panel is to the kernel."""
    nodes = machine.devices("input/event*")
    if not nodes:
        return Finding(
            "buttons", "warn", "no input device; no USB panel can be heard", "Plug in a panel."
        )
    return _permitted("buttons", machine, nodes, "input")


def gpio(machine: Machine) -> Finding:
    """Buttons and lamps wired to the board's own pins."""
    chips = machine.devices("gpiochip*")
    if not chips:
        return Finding("GPIO", "ok", "none; wanted only for buttons wired to the board")
    return _permitted("GPIO", machine, chips, "gpio")


def serial_ports(machine: Machine) -> Finding:
    """Button boxes that speak over a serial line."""
    ports = machine.devices("ttyUSB*", "ttyACM*")
    if not ports:
        return Finding("serial ports", "ok", "none; wanted only for serial button boxes")
    return _permitted("serial ports", machine, ports, "dialout")


def _permitted(concern: str, machine: Machine, nodes: list[Path], usual_group: str) -> Finding:
    forbidden = [node for node in nodes if not machine.may_use(node)]
    if not forbidden:
        return Finding(concern, "ok", ", ".join(node.name for node in nodes))
    return Finding(
        concern,
        "missing" if machine.is_terminal else "warn",
        f"this user may not use {', '.join(node.name for node in forbidden)}",
        f"sudo usermod -aG {_group(forbidden[0], usual_group)} $USER   then log in again",
    )


def _group(node: Path, usual: str) -> str:
    try:
        owner = node.group()
    except (KeyError, OSError):
        return usual
    return usual if owner == "root" else owner
