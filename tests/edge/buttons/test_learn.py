"""Binding panels by pressing them, on virtual hardware through the real drivers."""

import tomllib
from collections.abc import Iterator

import pytest

from edge.buttons.hidraw import code
from edge.buttons.learn import (
    Learnt,
    Listening,
    NothingPressedError,
    bind,
    learn,
    read_document,
    spell,
    write_document,
)
from edge.buttons.mapping import MappingError, parse_mapping
from edge.buttons.nodes import Hardware
from edge.buttons.virtual import VirtualHardware
from tests.fakes.waiting import eventually

PLUGGED = """
[[panels]]
name = "keys"
driver = "usb"
serial = "A-1"
model = "1a2b:3c4d"
touchpoint = "t"
codes = { KEY_A = 1, KEY_B = 2, KEY_C = 3 }
[[panels]]
name = "other"
driver = "usb"
serial = "B-2"
touchpoint = "t"
codes = { KEY_A = 1 }
[[panels]]
name = "vendor"
driver = "hid"
port = "usb-0:2"
model = "1a2b:0002"
touchpoint = "t"
codes = { "0.1" = 1, "1.4" = 2 }
[[panels]]
name = "box"
driver = "serial"
serial = "BOX-77"
model = "0403:6001"
touchpoint = "t"
codes = { 3 = 1, 4 = 2 }
"""


@pytest.fixture
def hardware() -> VirtualHardware:
    return VirtualHardware(parse_mapping(tomllib.loads(PLUGGED)))


class Installer:
    """Does what the sentences ask for: presses the next button when the last has been seen."""

    def __init__(self, hardware: VirtualHardware, panel: str, buttons: list[int]) -> None:
        self._hardware = hardware
        self._panel = panel
        self._buttons = buttons
        self.read: list[str] = []

    def __call__(self, sentence: str) -> None:
        self.read.append(sentence)
        if self._buttons:
            self._hardware.press(self._panel, self._buttons.pop(0), hold_ms=1)


@pytest.fixture
def listening(hardware) -> Iterator[Listening]:
    with Listening(hardware) as listening:
        eventually(lambda: [fact.kind for fact in listening.facts] == ["connected"] * 4)
        yield listening


@pytest.mark.parametrize(
    ("panel", "buttons", "kind", "key", "codes"),
    [
        ("keys", [2, 1, 3], "usb", "serial A-1", ("KEY_B", "KEY_A", "KEY_C")),
        ("vendor", [1, 2], "hid", "port usb-0:2", ("0.1", "1.4")),
        ("box", [2, 1], "serial", "serial BOX-77", ("4", "3")),
    ],
)
def test_what_is_pressed_is_learnt(hardware, listening, panel, buttons, kind, key, codes):
    installer = Installer(hardware, panel, [*buttons, buttons[0]])
    learnt = learn("reception", listening, installer, patience_s=20)
    assert (learnt.kind, learnt.key) == (kind, key)
    assert tuple(spell(learnt.kind, each) for each in learnt.codes) == codes
    assert key in installer.read[1]


def test_another_panels_press_is_not_counted(hardware, listening):
    presses = [[("keys", 1)], [("box", 1), ("other", 1)], [("keys", 2)], [("keys", 1)]]
    told: list[str] = []

    def say(sentence: str) -> None:
        told.append(sentence)
        for panel, button in presses.pop(0):
            hardware.press(panel, button, hold_ms=1)

    learnt = learn("reception", listening, say, patience_s=20)
    assert [spell("usb", each) for each in learnt.codes] == ["KEY_A", "KEY_B"]
    assert told[2] == "That was another panel; not counted."


def test_nothing_pressed_is_said(listening):
    with pytest.raises(NothingPressedError, match="No button was pressed"):
        learn("reception", listening, lambda _: None, patience_s=0.05)


def node(path: str, port: str, serial: str | None = None) -> Hardware:
    return Hardware(path, serial, port, "panel", "1a2b:3c4d")


LEARNT = Learnt("usb", "serial A-1", node("e0", "p1", "A-1"), (30, 48), ())
NAMELESS = Learnt("usb", "port p1", node("e0", "p1"), (30,), ())


def test_a_panel_is_written_and_read_back(tmp_path):
    path = tmp_path / "panels.toml"
    assert read_document(path) == {}
    write_document(path, bind(read_document(path), LEARNT, "reception", "front-desk"))
    panel = parse_mapping(read_document(path)).panel("reception")
    assert (panel.serial, panel.touchpoint, panel.codes) == ("A-1", "front-desk", {30: 1, 48: 2})
    assert [file.name for file in tmp_path.iterdir()] == ["panels.toml"]


def test_bound_again_it_keeps_its_answers_and_its_place():
    document = bind({"buzzer": 18}, LEARNT, "reception", "front-desk")
    document["panels"][0]["answers"] = {"1": {"survey": "s", "question": "q", "value": 1}}
    other = Learnt("usb", "serial B-2", node("e1", "p2", "B-2"), (30,), ())
    document = bind(document, other, "exit", "exit")
    replaced = Learnt("usb", "serial C-3", node("e2", "p3", "C-3"), (30, 48), ())
    mapping = parse_mapping(bind(document, replaced, "reception", "front-desk"))
    assert [(panel.name, panel.serial) for panel in mapping.panels] == [
        ("reception", "C-3"),
        ("exit", "B-2"),
    ]
    assert (mapping.panels[0].answers[1].value, mapping.buzzer) == (1, 18)


def test_the_same_panel_under_two_names_is_refused():
    document = bind({}, LEARNT, "reception", "front-desk")
    with pytest.raises(MappingError, match="'reception' and 'exit' have the same serial A-1"):
        bind(document, LEARNT, "exit", "exit")


def test_a_panel_without_serial_is_bound_by_its_port():
    [panel] = parse_mapping(bind({}, NAMELESS, "reception", "front-desk")).panels
    assert (panel.serial, panel.port, panel.model) == (None, "p1", "1a2b:3c4d")


def test_twins_without_serial_are_refused_by_name_unless_their_sockets_are_marked():
    beside_its_twin = Learnt("usb", "port p1", node("e0", "p1"), (30,), (node("e1", "p2"),))
    with pytest.raises(MappingError, match="'reception' and 'another one plugged in'"):
        bind({}, beside_its_twin, "reception", "front-desk")
    document = bind({}, NAMELESS, "reception", "front-desk")
    twin = Learnt("usb", "port p2", node("e1", "p2"), (30,), ())
    with pytest.raises(MappingError, match="'reception' and 'exit' are the same model"):
        bind(document, twin, "exit", "exit")
    document = bind({}, beside_its_twin, "reception", "front-desk", socket_marked=True)
    assert parse_mapping(bind(document, twin, "exit", "exit", socket_marked=True))


def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "panels.toml"
    path.write_text("[[panels")
    with pytest.raises(MappingError, match=r"panels\.toml"):
        read_document(path)


def test_codes_are_spelt_as_the_file_wants_them():
    assert spell("usb", 2) == "KEY_1"
    assert spell("usb", 113) == "KEY_MUTE"  # one of its two names
    assert spell("usb", 0x2FE) == "766"
    assert spell("hid", code(1, 7, report=2)) == "2/1.7"
