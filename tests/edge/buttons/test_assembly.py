"""A whole terminal's panels on virtual hardware: every driver, rule and lamp is the real one."""

import tomllib
from collections.abc import Iterator
from itertools import pairwise

import pytest

from edge.buttons.assembly import Panels
from edge.buttons.mapping import parse_mapping
from edge.buttons.port import Contact
from edge.buttons.presses import Bounce, Pressed, PressPolicy, PressRules
from edge.buttons.virtual import VirtualHardware
from tests.edge.buttons.heard import Heard
from tests.fakes.waiting import eventually

MAPPING = parse_mapping(
    tomllib.loads("""
buzzer = 18
attention = 23
[[panels]]
name = "keys"
driver = "usb"
serial = "A-1"
touchpoint = "t"
codes = { KEY_1 = 1, KEY_2 = 2, KEY_3 = 3 }
lamps = { thanks = { led = "LED_NUML" }, refusal = { pin = 20 } }
[[panels]]
name = "vendor"
driver = "hid"
port = "usb-0:2"
touchpoint = "t"
codes = { "0.1" = 1, "1.4" = 2 }
lamps = { thanks = { pin = 21 } }
[[panels]]
name = "box"
driver = "serial"
serial = "BOX-77"
touchpoint = "t"
codes = { 3 = 1, 4 = 2 }
[[panels]]
name = "codes"
driver = "serial"
port = "usb-0:4"
protocol = "bytes"
touchpoint = "t"
codes = { 65 = 1, 66 = 2 }
[[panels]]
name = "door"
driver = "gpio"
touchpoint = "t"
pins = { 1 = 17, 2 = 27 }
lamps = { thanks = { pin = 22 } }
""")
)
NAMES = [panel.name for panel in MAPPING.panels]


class Terminal:
    def __init__(self) -> None:
        self.hardware = VirtualHardware(MAPPING)
        self.panels = Panels(MAPPING, self.hardware)
        self.heard = Heard()
        self.panels.start(self.heard)
        eventually(lambda: self._connected() == set(NAMES))

    def _connected(self) -> set[str]:
        self.heard.listen()
        return {s.panel for s in self.heard.all if getattr(s, "kind", None) == "connected"}


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    terminal.panels.stop()


@pytest.mark.parametrize("panel", NAMES)
def test_a_finger_on_any_kind_of_panel_is_a_contact(terminal, panel):
    terminal.hardware.press(panel, 2, hold_ms=1)
    terminal.heard.contact(panel, 2, True)
    terminal.heard.contact(panel, 2, False)
    assert terminal.heard.presses() == [(panel, 2)]


@pytest.mark.parametrize("panel", ["keys", "vendor", "box", "codes"])
def test_any_plug_in_panel_is_found_again(terminal, panel):
    terminal.hardware.unplug(panel)
    terminal.heard.fact(panel, "unplugged")
    terminal.hardware.plug(panel)
    terminal.heard.fact(panel, "connected")
    terminal.hardware.press(panel, 1, hold_ms=1)
    terminal.heard.contact(panel, 1, True)


def test_a_serial_number_is_followed_to_another_socket(terminal):
    terminal.hardware.unplug("keys")
    terminal.hardware.plug("keys", port="elsewhere")
    assert "elsewhere" in terminal.heard.fact("keys", "connected").detail


def test_unplugged_it_presses_nothing(terminal):
    terminal.hardware.unplug("keys")
    terminal.heard.fact("keys", "unplugged")
    terminal.hardware.press("keys", 1, hold_ms=1)
    terminal.hardware.press("door", 1, hold_ms=1)
    terminal.heard.contact("door", 1, True)
    assert terminal.heard.presses() == [("door", 1)]


@pytest.mark.parametrize(("panel", "others"), [("keys", ["door", "vendor"]), ("door", ["keys"])])
def test_thanks_are_seen_on_the_panels_own_lamp(terminal, panel, others):
    for _ in range(3):
        terminal.panels.lamps.thank(panel)
    assert terminal.hardware.lamp_state(panel)
    assert terminal.hardware.thanks_count(panel) == 3
    assert [terminal.hardware.thanks_count(other) for other in others] == [0] * len(others)
    assert terminal.hardware.pin_output(18).rises == 3


def test_a_refusal_is_counted_apart(terminal):
    terminal.panels.lamps.refuse("keys")
    assert terminal.hardware.refusal_count("keys") >= 1
    assert terminal.hardware.thanks_count("keys") == 0


def test_a_bouncing_contact_is_one_press(terminal):
    rules = PressRules()
    terminal.hardware.bounce("door", 1, edges=5)
    terminal.heard.listen()  # pins call back before they return
    contacts = [said for said in terminal.heard.all if isinstance(said, Contact)]
    assert [contact.down for contact in contacts] == [True, False] * 6
    gaps = [later.at_ns - earlier.at_ns for earlier, later in pairwise(contacts)][1::2]
    assert max(gaps) < PressPolicy().debounce_ns, "this machine stalled: nothing can be said"
    outcomes = [outcome for contact in contacts for outcome in rules.contact(contact)]
    assert [type(outcome) for outcome in outcomes] == [Pressed, *[Bounce] * 5]


def test_autorepeat_and_lost_events_of_a_virtual_keyboard(terminal):
    terminal.hardware.hold("keys", 1)
    terminal.hardware.autorepeat("keys", 1)
    terminal.hardware.lose("keys", 1, down=False)
    terminal.heard.contact("keys", 1, False)
    terminal.heard.fact("keys", "dropped")
    terminal.hardware.lose("keys", 2, down=True)
    terminal.heard.contact("keys", 2, True)
    assert terminal.heard.presses() == [("keys", 1), ("keys", 2)]


def test_what_does_not_exist_is_an_error(terminal):
    with pytest.raises(KeyError):
        terminal.hardware.press("nowhere", 1)
    with pytest.raises(KeyError):
        terminal.hardware.press("keys", 9)
    with pytest.raises(KeyError, match="no thanks lamp"):
        terminal.hardware.thanks_count("box")
    with pytest.raises(KeyError, match="not a USB panel"):
        terminal.hardware.autorepeat("door", 1)


def test_stopped_it_is_dark_and_silent():
    terminal = Terminal()
    terminal.panels.lamps.thank("keys")
    terminal.panels.stop()
    assert not terminal.hardware.lamp_state("keys")
    terminal.heard.listen()
    told = len(terminal.heard.all)
    terminal.hardware.press("keys", 1, hold_ms=1)
    terminal.heard.listen()
    assert len(terminal.heard.all) == told


class NoPins:
    """A machine without a GPIO chip, but with everything else."""

    def __init__(self, hardware: VirtualHardware) -> None:
        self._hardware = hardware

    def __getattr__(self, name: str) -> object:
        return getattr(self._hardware, name)

    def pins(self) -> object:
        raise OSError("no GPIO chip")


def test_without_a_gpio_chip_the_other_panels_still_work():
    hardware = VirtualHardware(MAPPING)
    panels = Panels(MAPPING, NoPins(hardware))
    heard = Heard()
    panels.start(heard)
    assert "no GPIO chip" in heard.fact("*", "failed").detail
    heard.fact("keys", "connected")
    hardware.press("keys", 1, hold_ms=1)
    heard.contact("keys", 1, True)
    panels.lamps.thank("keys")
    panels.lamps.thank("door")
    assert hardware.lamp_state("keys")
    panels.stop()
