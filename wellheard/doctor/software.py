"""Python, the packages of each side, the MQTT broker, and the clock."""

import re
import sys
from collections import defaultdict
from importlib import metadata
from pathlib import Path

from hub.core.broker import BrokerSettingError, open_broker
from hub.core.broker.iotcore import IotcoreBroker
from hub.core.broker.mosquitto import MosquittoBroker
from wellheard.doctor.finding import Finding
from wellheard.doctor.machine import Machine

_WANTED_PYTHON = (3, 11)
_REQUIREMENT = re.compile(r"^(?P<name>[\w.-]+).*extra == ['\"](?P<extra>\w+)['\"]")

Absent = dict[str, list[str]]


def python(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """The interpreter that runs this."""
    found = ".".join(map(str, version))
    if version < _WANTED_PYTHON:
        return Finding("Python", "missing", found, "Install Python 3.11 or newer.")
    return Finding("Python", "ok", found)


def absent_packages() -> Absent:
    """For each extra of the distribution, the packages that it asks for and that are not installed."""
    absent: Absent = defaultdict(list)
    for line in metadata.requires("wellheard") or []:
        if requirement := _REQUIREMENT.match(line):
            absent[requirement["extra"]] += _if_absent(requirement["name"])
    return absent


def packages(absent: Absent) -> Finding:
    """Which sides can run here: the terminal's agent, the hub, or both."""
    sides = [side for side in ("edge", "hub") if not absent[side]]
    if sides:
        return Finding("packages", "ok", f"complete for {' and '.join(sides)}")
    fewest = min(("edge", "hub"), key=lambda side: len(absent[side]))
    return Finding(
        "packages",
        "missing",
        f"for {fewest}: {', '.join(absent[fewest])}",
        f"pip install 'wellheard[{fewest}]'   or, in the repository: make setup",
    )


def broker(setting: str, absent: Absent, programs: str | None = None) -> Finding:
    """The broker that the hub would use; nothing is started. `programs` is where to look, like PATH."""
    if absent["hub"] and not absent["edge"]:
        return Finding("broker", "ok", "none; a terminal uses the hub's")
    try:
        match open_broker(setting, Path("broker"), None, programs=programs):
            case MosquittoBroker():
                return Finding("broker", "ok", "Mosquitto")
            case IotcoreBroker():
                return Finding("broker", "ok", "embedded (iotcore); enough for one machine")
            case running if running.alive():
                return Finding("broker", "ok", "one that runs already")
    except BrokerSettingError as error:
        return Finding("broker", "missing", "none", str(error))
    return Finding("broker", "missing", "does not answer", "Start it, or correct WELLHEARD_BROKER.")


def clock(machine: Machine) -> Finding:
    """A terminal corrects its times later; a hub with a wrong clock corrects them wrongly."""
    if machine.clock_synchronised():
        return Finding("clock", "ok", "synchronised")
    mend = "sudo timedatectl set-ntp true   or install systemd-timesyncd"
    return Finding("clock", "warn", "not synchronised", mend)


def _if_absent(name: str) -> list[str]:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return [name]
    return []
