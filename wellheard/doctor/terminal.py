"""What a Raspberry Pi lacks to be a terminal: its data partition, a root that is not written to, watchdog, software,
identity, screen and power.

Decides what is a fault: whatever loses answers or leaves the terminal dead is one, the rest is a remark.
"""

from collections.abc import Iterator
from pathlib import Path

from wellheard.doctor.finding import Finding
from wellheard.doctor.machine import Machine
from wellheard.doctor.storage import file_system

FOLDER = "var/lib/wellheard"
LAUNCHER = "opt/wellheard/launcher.py"
RENDER = "Make the card anew: wellheard image render, wellheard image install."


def terminal(machine: Machine) -> Iterator[Finding]:
    """Every check of a terminal; none on another machine."""
    if not machine.is_terminal:
        return
    yield data_partition(machine)
    yield read_only_root(machine)
    yield watchdog(machine)
    yield software(machine)
    yield identity(machine)
    yield screen(machine)
    yield power(machine)


def data_partition(machine: Machine) -> Finding:
    """Where answers are kept must be neither in memory nor on a root that is thrown away."""
    kind = file_system(machine, Path("/") / FOLDER)
    if kind in ("overlay", "tmpfs"):
        found = f"/{FOLDER} is in memory: a power cut takes every answer"
        return Finding("data partition", "missing", found, "systemctl status data.mount")
    own = any(line.split()[4] == f"/{FOLDER}" for line in _mounts(machine))
    if not own:
        return Finding("data partition", "warn", f"/{FOLDER} is on the root", RENDER)
    return Finding("data partition", "ok", f"/{FOLDER}, {kind}")


def read_only_root(machine: Machine) -> Finding:
    """A card that is written to all the time wears out, and a power cut may take the system with it."""
    if file_system(machine, Path("/")) == "overlay":
        return Finding("root", "ok", "read-only, with an overlay in memory")
    mend = "Add overlayroot=tmpfs:recurse=0 to /boot/firmware/cmdline.txt and restart."
    return Finding("root", "warn", "is written to", mend)


def watchdog(machine: Machine) -> Finding:
    """The board's own timer, and whether systemd winds it up."""
    state = machine.text("sys/class/watchdog/watchdog0/state")
    if state == "active":
        return Finding("watchdog", "ok", "active")
    mend = "Set dtparam=watchdog=on in /boot/firmware/config.txt, and RuntimeWatchdogSec=15 for systemd."
    return Finding("watchdog", "warn", state or "none", mend)


def software(machine: Machine) -> Finding:
    """The launcher, and at least one version that is whole."""
    whole = sorted((machine.root / FOLDER / "releases").glob("*/.ready"))
    if not (machine.root / LAUNCHER).is_file():
        return Finding("software", "missing", "no launcher", RENDER)
    if not whole:
        mend = "wellheard edge install BUNDLE VERSION --root ROOT"
        return Finding("software", "missing", "no version is installed", mend)
    return Finding("software", "ok", ", ".join(path.parent.name for path in whole))


def identity(machine: Machine) -> Finding:
    """Whether a hub has taken it in, or is about to be asked."""
    if (machine.root / FOLDER / "terminal.toml").is_file():
        return Finding("identity", "ok", "known to a hub")
    if (machine.root / FOLDER / "enrolment.toml").is_file():
        mend = "Accept it at the hub by the code on its screen."
        return Finding("identity", "warn", "a hub has not taken it in yet", mend)
    return Finding("identity", "missing", "it does not know its hub", RENDER)


def screen(machine: Machine) -> Finding:
    """A panel, and the two programs that show a page on it."""
    if not machine.devices("dri/card*"):
        found = "none; panels of buttons alone are heard"
        return Finding("screen", "warn", found, "Connect the panel, both cables, and restart.")
    absent = [
        name for name in ("cage", "chromium") if not (machine.root / "usr/bin" / name).exists()
    ]
    if absent:
        return Finding(
            "screen",
            "missing",
            f"no {' and '.join(absent)}",
            f"sudo apt-get install {' '.join(absent)}",
        )
    return Finding("screen", "ok", "a panel, cage and chromium")


def power(machine: Machine) -> Finding:
    """As the agent judges it."""
    from edge.fleet.health.power import check_power  # noqa: PLC0415  only a terminal has the agent's packages

    for found in check_power(machine.root / "sys"):
        if found.status != "ok":
            return Finding("power", "warn", found.reason or "too weak", found.detail)
    return Finding("power", "ok", "strong enough")


def _mounts(machine: Machine) -> list[str]:
    return machine.text("proc/self/mountinfo").splitlines()
