"""The real drivers against a real kernel: USB keyboards, a serial box and GPIO in the virtual terminal."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.waiting import eventually
from tests.rig.terminal import VirtualTerminal

pytestmark = [pytest.mark.rig, pytest.mark.timeout(900)]

PYTHON = "cd /opt/wellheard && PYTHONPATH=/opt/site:/opt/wellheard"
PATIENCE_S = 60.0
MAPPING = """
buzzer = 18
[[panels]]
name = "reception"
driver = "usb"
serial = "PANEL-A-0001"
touchpoint = "reception"
codes = { KEY_1 = 1, KEY_2 = 2, KEY_3 = 3 }
lamps = { thanks = { led = "LED_NUML" } }
[[panels]]
name = "exit"
driver = "usb"
serial = "PANEL-B-0002"
touchpoint = "exit"
codes = { KEY_1 = 1, KEY_2 = 2, KEY_3 = 3 }
[[panels]]
name = "box"
driver = "serial"
serial = "BOX-77"
touchpoint = "cashier"
codes = { 3 = 1 }
[[panels]]
name = "door"
driver = "gpio"
touchpoint = "door"
pins = { 1 = 17, 2 = 27 }
lamps = { thanks = { pin = 22 } }
"""

GRAB = """
import evdev
for path in evdev.list_devices():
    device = evdev.InputDevice(path)
    if "Keyboard" in device.name:
        device.grab()
"""


class Watched:
    """The drivers running in the guest, and what they have said."""

    def __init__(self, terminal: VirtualTerminal) -> None:
        self._terminal = terminal
        self._seen = 0
        terminal.shell("cat > /tmp/mapping.toml", text=MAPPING)
        terminal.shell("rm -f /tmp/lamps && mkfifo /tmp/lamps && : > /tmp/said")
        watch = "python3 tests/edge/buttons/watch.py /tmp/mapping.toml"
        self._group = terminal.start(
            # Opened for writing too, the pipe never ends.
            f"exec 3<>/tmp/lamps; {PYTHON} exec {watch} <&3",
            "/tmp/said",
        )

    def until(self, **wanted: object) -> dict:
        """The next thing said that has these fields."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for said in self._said()[self._seen :]:
                self._seen += 1
                if wanted.items() <= said.items():
                    return said
            time.sleep(0.2)
        raise AssertionError(f"{wanted} was not said:\n{self._terminal.shell('cat /tmp/said')}")

    def _said(self) -> list[dict]:
        output = self._terminal.shell("cat /tmp/said")
        assert "Traceback" not in output, output
        return [json.loads(line) for line in output.splitlines()]

    def presses(self, panel: str) -> list[int]:
        return [s["button"] for s in self._said() if s["panel"] == panel and s.get("down") is True]

    def lamp(self, order: str) -> None:
        self._terminal.shell(f"echo {order} > /tmp/lamps")

    def stop(self) -> None:
        self._terminal.shell(f"kill -- -{self._group}; sleep 0.5")


@pytest.fixture(scope="module")
def gpio(terminal: VirtualTerminal) -> str:
    """The folder of the simulated chip."""
    script = Path(__file__).with_name("guest") / "gpio_chip.sh"
    terminal.shell("sh -s", text=script.read_text())
    return "/tmp/chip"


@pytest.fixture
def watched(terminal: VirtualTerminal, gpio: str) -> Iterator[Watched]:
    watched = Watched(terminal)
    yield watched
    watched.stop()


@pytest.mark.parametrize(
    "suite", ["tests/edge/buttons/test_panel_reader.py", "tests/rig/guest/hidraw_suite.py"]
)
def test_a_suite_passes_on_the_kernels_own_nodes(terminal, suite):
    pytest_ = "python3 -m pytest -q --import-mode=importlib -p no:cacheprovider"
    said = terminal.shell(f"{PYTHON} WELLHEARD_PANELS=uhid {pytest_} {suite}", timeout_s=280)
    assert " passed" in said


def test_two_usb_panels_are_told_apart_replugged_and_held(terminal, watched):
    terminal.plug_keyboard("first", 1, "PANEL-A-0001", display=1)
    terminal.plug_keyboard("second", 2, "PANEL-B-0002", display=2)
    try:
        watched.until(panel="reception", kind="connected")
        watched.until(panel="exit", kind="connected")
        press(terminal, "1", display=1)
        watched.until(panel="reception", button=1, down=False)
        press(terminal, "2", display=2)
        watched.until(panel="exit", button=2, down=False)

        terminal.unplug("second")
        watched.until(panel="exit", kind="unplugged")
        terminal.plug_keyboard("third", 4, "PANEL-B-0002", display=2)
        assert ":4" in watched.until(panel="exit", kind="connected")["detail"]
        press(terminal, "3", display=2)
        watched.until(panel="exit", button=3, down=False)

        press(terminal, "1", display=1, hold_s=2)  # the kernel repeats it meanwhile
        watched.until(panel="reception", button=1, down=False)
        assert watched.presses("reception") == [1, 1]
        assert watched.presses("exit") == [2, 3]
        refused = terminal.shell(f"{PYTHON} python3 -", check=False, text=GRAB)
        assert "busy" in refused
    finally:
        for name in ("first", "third"):
            terminal.unplug(name)


def test_stamps_do_not_follow_a_step_of_the_wall_clock(terminal, watched):
    terminal.plug_keyboard("first", 1, "PANEL-A-0001", display=1)
    try:
        watched.until(panel="reception", kind="connected")
        press(terminal, "1", display=1)
        before = watched.until(panel="reception", button=1, down=True)["at_ns"]
        terminal.shell("date -s '2031-05-05 05:05:05'")
        press(terminal, "2", display=1)
        after = watched.until(panel="reception", button=2, down=True)["at_ns"]
        uptime_ns = float(terminal.shell("cat /proc/uptime").split()[0]) * 1e9
        assert 0 < after - before < 300e9
        assert abs(uptime_ns - after) < 300e9
    finally:
        terminal.unplug("first")


def test_a_serial_box_is_read_and_found_again(terminal, watched):
    for _ in range(2):
        with terminal.plug_serial_box(3, "BOX-77") as box:
            watched.until(panel="box", kind="connected")
            box.sendall(b"noise\nBTN 3 DOWN\nBTN 3 UP\n")
            watched.until(panel="box", button=1, down=True)
            watched.until(panel="box", button=1, down=False)
            terminal.unplug("box")
            watched.until(panel="box", kind="unplugged")


def test_wired_buttons_and_lamps(terminal, watched, gpio):
    watched.until(panel="door", kind="connected")
    terminal.shell(f"echo pull-down > {gpio}/sim_gpio27/pull")  # the button connects to ground
    watched.until(panel="door", button=2, down=True)
    terminal.shell(f"echo pull-up > {gpio}/sim_gpio27/pull")
    watched.until(panel="door", button=2, down=False)
    value = f"cat {gpio}/sim_gpio22/value"
    poll = f"for i in $(seq 100); do [ $({value}) = 1 ] && echo lit && break; done"

    def thanked() -> bool:
        """A thanks shines a second, which a slow guest can miss: it is asked for again."""
        watched.lamp("thank door")
        return "lit" in terminal.shell(poll)

    eventually(thanked, within_s=PATIENCE_S)
    eventually(lambda: terminal.shell(value).strip() == "0", within_s=PATIENCE_S)


def press(terminal: VirtualTerminal, qcode: str, display: int, hold_s: float = 0.1) -> None:
    terminal.key(qcode, True, display)
    time.sleep(hold_s)  # a finger's time, not a synchronisation
    terminal.key(qcode, False, display)
