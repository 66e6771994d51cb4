"""The reader of plugged-in panels, on virtual nodes and (WELLHEARD_PANELS=uhid) on the kernel's."""

import time
from collections.abc import Callable, Iterator

import pytest

from edge.buttons.binding import Claim, claimed
from edge.buttons.nodes import Change
from edge.buttons.port import Contact, PanelFact
from edge.buttons.reader import PanelReader
from tests.edge.buttons.benches import (
    KEY_1,
    KEY_2,
    KEY_3,
    KEY_NEXTSONG,
    KEY_PLAYPAUSE,
    LED_NUML,
    Bench,
    make_bench,
)
from tests.edge.buttons.heard import Heard
from tests.fakes.waiting import eventually

BUTTONS = {KEY_1: 1, KEY_2: 2, KEY_PLAYPAUSE: 3, KEY_NEXTSONG: 4}


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = make_bench()
    yield bench
    bench.close()


@pytest.fixture
def read(bench: Bench) -> Iterator[Callable[..., tuple[Heard, PanelReader]]]:
    readers: list[PanelReader] = []

    def start(*claims: Claim) -> tuple[Heard, PanelReader]:
        heard = Heard()
        reader = PanelReader(bench.finder(), claimed(claims), retry_s=0.05)
        reader.start(heard)
        readers.append(reader)
        return heard, reader

    yield start
    for reader in readers:
        reader.stop()


def by_serial(panel: str, serial: str) -> Claim:
    return Claim(panel, BUTTONS, serial=serial)


def by_port(panel: str, port: str) -> Claim:
    return Claim(panel, BUTTONS, port=port)


def test_panels_are_told_apart_by_serial(bench, read):
    a, b = bench.plug("A-1", "socket-1"), bench.plug("B-2", "socket-2")
    heard, _ = read(by_serial("reception", "A-1"), by_serial("exit", "B-2"))
    heard.fact("reception", "connected")
    heard.fact("exit", "connected")
    a.down(KEY_1)
    heard.contact("reception", 1, True)
    b.down(KEY_2)
    heard.contact("exit", 2, True)
    a.up(KEY_1)
    heard.contact("reception", 1, False)
    b.up(KEY_2)
    heard.contact("exit", 2, False)
    assert heard.presses() == [("reception", 1), ("exit", 2)]


def test_panels_without_serial_are_told_apart_by_port(bench, read):
    bench.plug(None, "socket-1")
    b = bench.plug(None, "socket-2")
    heard, _ = read(by_port("reception", "socket-1"), by_port("exit", "socket-2"))
    heard.fact("exit", "connected")
    b.down(KEY_1)
    heard.contact("exit", 1, True)
    assert heard.presses() == [("exit", 1)]


def test_a_panel_plugged_in_later_is_found(bench, read):
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "unplugged")
    panel = bench.plug("A-1", "socket-1")
    heard.fact("reception", "connected")
    panel.down(KEY_1)
    heard.contact("reception", 1, True)


def test_replugged_on_another_port_it_is_the_same_panel(bench, read):
    panel = bench.plug("A-1", "socket-1")
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    panel.unplug()
    heard.fact("reception", "unplugged")
    moved = bench.plug("A-1", "socket-7")
    assert "socket-7" in heard.fact("reception", "connected").detail
    moved.down(KEY_2)
    heard.contact("reception", 2, True)


def test_a_panel_bound_by_port_is_not_followed_to_another(bench, read):
    panel = bench.plug(None, "socket-1")
    heard, _ = read(by_port("reception", "socket-1"), by_port("exit", "socket-2"))
    heard.fact("reception", "connected")
    panel.unplug()
    heard.fact("reception", "unplugged")
    moved = bench.plug(None, "socket-2")
    heard.fact("exit", "connected")
    moved.down(KEY_1)
    heard.contact("exit", 1, True)


def test_unplugged_while_pressed_the_button_comes_up(bench, read):
    panel = bench.plug("A-1", "socket-1")
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    panel.down(KEY_1)
    heard.contact("reception", 1, True)
    panel.unplug()
    heard.contact("reception", 1, False)
    heard.fact("reception", "unplugged")


def test_keyboard_and_consumer_nodes_are_one_panel(bench, read):
    keys = bench.plug("A-1", "socket-1")
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    consumer = bench.plug("A-1", "socket-1", consumer=True)
    assert "consumer" in heard.fact("reception", "connected").detail
    keys.down(KEY_1)
    heard.contact("reception", 1, True)
    consumer.down(KEY_PLAYPAUSE)
    heard.contact("reception", 3, True)
    consumer.up(KEY_PLAYPAUSE)
    heard.contact("reception", 3, False)
    consumer.unplug()
    keys.up(KEY_1)
    heard.contact("reception", 1, False)
    assert not [s for s in heard.all if isinstance(s, PanelFact) and s.kind == "unplugged"]
    keys.unplug()
    heard.fact("reception", "unplugged")


def test_autorepeat_is_no_press(bench, read):
    panel = bench.plug("A-1", "socket-1")
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    panel.down(KEY_1)
    panel.repeat(KEY_1)
    panel.up(KEY_1)
    heard.contact("reception", 1, False)
    assert heard.presses() == [("reception", 1)]


def test_a_key_that_is_no_button_is_passed_over(bench, read):
    panel = bench.plug("A-1", "socket-1")
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    panel.down(KEY_3)
    panel.up(KEY_3)
    panel.down(KEY_1)
    heard.contact("reception", 1, True)
    assert heard.presses() == [("reception", 1)]


def test_stamps_are_of_the_monotonic_clock(bench, read):
    panel = bench.plug("A-1", "socket-1")
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    before = time.monotonic_ns()
    panel.down(KEY_1)
    contact = heard.contact("reception", 1, True)
    # The kernel's stamps have microseconds: allow for what was cut off.
    assert before - 1_000 <= contact.at_ns <= time.monotonic_ns()


def test_a_panel_is_read_exclusively(bench, read):
    bench.plug("A-1", "socket-1")
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    finder = bench.finder()
    with pytest.raises(OSError, match="busy"):
        finder.open(finder.nodes()[0], "second")
    finder.close()


def test_held_by_another_process_it_is_busy_and_taken_when_free(bench, read):
    panel = bench.plug("A-1", "socket-1")
    with bench.hold_elsewhere(bench.finder()):
        heard, _ = read(by_serial("reception", "A-1"))
        assert "another process" in heard.fact("reception", "busy").detail
    heard.fact("reception", "connected")
    panel.down(KEY_1)
    heard.contact("reception", 1, True)


def test_without_permission_it_is_denied_with_the_remedy_and_taken_when_mended(bench, read):
    bench.plug("A-1", "socket-1")
    with bench.forbid():
        heard, _ = read(by_serial("reception", "A-1"))
        assert "udev rule" in heard.fact("reception", "denied").detail
    heard.fact("reception", "connected")


def test_down_since_before_opening_is_stuck_and_no_press(bench, read):
    panel = bench.plug("A-1", "socket-1")
    panel.down(KEY_1)
    heard, _ = read(by_serial("reception", "A-1"))
    assert "Button 1" in heard.fact("reception", "stuck").detail
    panel.up(KEY_1)
    heard.fact("reception", "mended")
    panel.down(KEY_1)
    heard.contact("reception", 1, True)
    assert heard.presses() == [("reception", 1)]


def test_one_serial_number_on_two_ports_is_refused(bench, read):
    bench.plug("0000", "socket-1")
    second = bench.plug("0000", "socket-2")
    heard, _ = read(by_serial("reception", "0000"))
    detail = heard.fact("reception", "twins").detail
    assert "socket-1" in detail
    assert "socket-2" in detail
    second.unplug()
    heard.fact("reception", "connected")


def test_its_own_lamp_shines(bench, read):
    panel = bench.plug("A-1", "socket-1")
    heard, reader = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    reader.set_led("reception", LED_NUML, True)
    eventually(lambda: panel.led(LED_NUML))
    reader.set_led("reception", LED_NUML, False)
    eventually(lambda: not panel.led(LED_NUML))
    panel.unplug()
    heard.fact("reception", "unplugged")
    reader.set_led("reception", LED_NUML, True)  # nobody is there, and nothing happens


def test_after_lost_events_the_state_is_the_devices(bench):
    """Nobody reads until the queue has overflowed; then what is held must be what is really held."""
    panel = bench.plug("A-1", "socket-1")
    finder = bench.finder()
    eventually(lambda: len(finder.nodes()) == 1)
    node = finder.open(finder.nodes()[0], "reception")
    for _ in range(1_000):
        panel.down(KEY_1)
        panel.up(KEY_1)
    panel.down(KEY_2)
    panel.up(KEY_2)
    panel.down(KEY_3)
    changes: list[Change] = []
    lost = 0
    deadline = time.monotonic() + 10
    while node.held() != {KEY_3} or not lost:
        assert time.monotonic() < deadline, (node.held(), lost)
        # A queue that is full takes no more: the loss is told with the next event.
        panel.repeat(KEY_3)
        changes += node.changes()
        lost += node.lost_events()
    down: set[int] = set()
    for change in changes:
        assert change.down != (change.code in down), "every change is one"
        (down.add if change.down else down.discard)(change.code)
    assert down == {KEY_3}
    node.close()
    finder.close()


def test_an_idle_reader_costs_nothing(bench, read):
    bench.plug("A-1", "socket-1")
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    before, began = time.process_time(), time.monotonic()
    time.sleep(0.5)  # the measured stretch, not a synchronisation
    assert time.process_time() - before < 0.2 * (time.monotonic() - began)


def test_contacts_are_told_in_order(bench, read):
    panel = bench.plug("A-1", "socket-1")
    heard, _ = read(by_serial("reception", "A-1"))
    heard.fact("reception", "connected")
    for _ in range(50):
        panel.down(KEY_1)
        panel.up(KEY_1)
        time.sleep(0.002)  # slower than any queue is small
    panel.down(KEY_2)
    heard.contact("reception", 2, True)
    contacts = [s for s in heard.all if isinstance(s, Contact)]
    assert [c.down for c in contacts if c.button == 1] == [True, False] * 50
    assert [c.at_ns for c in contacts] == sorted(c.at_ns for c in contacts)
