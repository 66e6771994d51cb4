"""The socket through which a simulated terminal is played."""

import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.buttons.assembly import Panels
from edge.buttons.mapping import parse_mapping
from edge.buttons.virtual import VirtualHardware
from edge.simulation import Controls, ControlServer, SimulatedClock
from tests.edge.buttons.heard import Heard
from tests.edge.controls import ControlsSocket

MAPPING = parse_mapping(
    {
        "panels": [
            {
                "name": "door",
                "driver": "gpio",
                "touchpoint": "door",
                "pins": {"1": 17, "2": 27},
                "lamps": {"thanks": {"pin": 5}, "refusal": {"pin": 6}},
            },
            {
                "name": "keys",
                "driver": "usb",
                "touchpoint": "desk",
                "serial": "A-1",
                "codes": {"KEY_1": 1},
            },
        ]
    }
)


class Played:
    """Virtual panels that are read, and the socket to play them."""

    def __init__(self, folder: Path) -> None:
        hardware = VirtualHardware(MAPPING)
        self.path = folder / "controls.sock"
        self.clock = SimulatedClock()
        self.panels = Panels(MAPPING, hardware)
        self.heard = Heard()
        self.panels.start(self.heard)
        self.server = ControlServer(self.path, Controls(hardware, self.clock))
        self.server.start()


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    made = Played(tmp_path)
    yield made
    made.server.stop()
    made.panels.stop()


@pytest.fixture
def controls(played: Played) -> Iterator[ControlsSocket]:
    with ControlsSocket(played.path) as opened:
        yield opened


def test_a_press_on_the_socket_is_a_press_on_the_pin(
    played: Played, controls: ControlsSocket
) -> None:
    controls.ask("press", panel="door", button=2, hold_ms=1)
    played.heard.contact("door", 2, True)
    played.heard.contact("door", 2, False)


def test_a_panel_can_be_unplugged_and_plugged_in(played: Played, controls: ControlsSocket) -> None:
    played.heard.fact("keys", "connected")
    controls.ask("unplug", panel="keys")
    played.heard.fact("keys", "unplugged")
    controls.ask("plug", panel="keys", port="another")
    assert "another" in played.heard.fact("keys", "connected").detail


def test_lamps_are_read_back_from_their_pins(played: Played, controls: ControlsSocket) -> None:
    before_ns = time.monotonic_ns()
    assert controls.ask("lamp", panel="door") is False
    played.panels.lamps.thank("door")
    assert controls.ask("lamp", panel="door") is True
    assert controls.ask("thanks", panel="door") == 1
    (at_ns,) = controls.ask("thanked_at_ns", panel="door")
    assert before_ns <= at_ns <= time.monotonic_ns()
    assert controls.ask("refusals", panel="door") == 0
    played.panels.lamps.refuse("door")
    assert controls.ask("refusals", panel="door") >= 1


def test_the_wall_clock_can_be_put_wrong_and_uptime_cannot(
    played: Played, controls: ControlsSocket
) -> None:
    right = played.clock.stamp()
    assert right.synchronised
    controls.ask("clock", wall_offset_ms=-(10**12), synchronised=False)
    wrong = played.clock.stamp()
    assert not wrong.synchronised
    assert 0 <= wrong.wall_ms + 10**12 - right.wall_ms < 60_000
    assert 0 <= wrong.uptime_ms - right.uptime_ms < 60_000
    assert wrong.boot_id == right.boot_id


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"7", "not a JSON object"),
        (b"{}", "do: one of bounce, clock"),
        (b'{"do":[]}', "do: one of"),
        (b'{"do":"explode"}', "do: one of"),
        (b'{"do":"press"}', "panel"),
        (b'{"do":"press","panel":"roof","button":1}', "roof"),
        (b'{"do":"press","panel":"door","button":9}', "9"),
        (b'{"do":"press","panel":"door","button":1,"hold_ms":-5}', "non-negative"),
        (b'{"do":"press","panel":"door","button":1,"colour":"red"}', "colour"),
        (b'{"do":"thanks","panel":"keys"}', "no thanks lamp"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_socket_lives(
    controls: ControlsSocket, line: bytes, said: str
) -> None:
    assert said in controls.raw(line)["error"]
    assert controls.ask("thanks", panel="door") == 0


def test_only_this_user_may_play(played: Played) -> None:
    assert stat.S_IMODE(played.path.stat().st_mode) == 0o600


def test_a_socket_left_behind_is_no_obstacle(played: Played) -> None:
    played.server.stop()
    assert played.path.exists()
    again = ControlServer(played.path, Controls(VirtualHardware(MAPPING), SimulatedClock()))
    again.start()
    with ControlsSocket(played.path) as controls:
        assert controls.ask("thanks", panel="door") == 0
    again.stop()
