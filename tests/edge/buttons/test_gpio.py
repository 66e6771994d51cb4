import time
from collections.abc import Iterator

import gpiozero
import pytest
from gpiozero.pins.mock import MockFactory

from edge.buttons.gpio import GpioPanels, PinLight, PinPanel
from edge.buttons.port import Contact
from edge.buttons.virtual_outputs import WatchedPin
from tests.edge.buttons.heard import Heard


@pytest.fixture
def factory() -> MockFactory:
    return MockFactory(pin_class=WatchedPin)


@pytest.fixture
def heard(factory) -> Iterator[Heard]:
    heard = Heard()
    panels = [
        PinPanel("door", {1: 17, 2: 27}),
        PinPanel("gate", {1: 5}, pull_up=False),
        PinPanel("broken", {1: 17}),
    ]
    driver = GpioPanels(panels, lambda: factory)
    driver.start(heard)
    yield heard
    driver.stop()


def test_edges_are_contacts_of_their_moment(factory, heard):
    before = time.monotonic_ns()
    factory.pin(27).drive_low()
    down = heard.contact("door", 2, True)
    assert before <= down.at_ns <= time.monotonic_ns()
    factory.pin(27).drive_high()
    assert heard.contact("door", 2, False).at_ns >= down.at_ns


def test_a_button_to_the_supply_is_down_when_high(factory, heard):
    factory.pin(5).drive_high()
    heard.contact("gate", 1, True)


def test_no_edge_is_filtered(factory, heard):
    for _ in range(5):
        factory.pin(17).drive_low()
        factory.pin(17).drive_high()
    factory.pin(27).drive_low()
    heard.contact("door", 2, True)
    assert sum(isinstance(said, Contact) and said.button == 1 for said in heard.all) == 10


def test_pins_that_cannot_be_had_are_a_fact_and_the_others_work(factory, heard):
    assert "17" in heard.fact("broken", "failed").detail
    factory.pin(17).drive_low()
    heard.contact("door", 1, True)


def test_down_at_the_start_is_stuck_and_no_press(factory):
    factory.pin(4)._set_pull("up")
    heard = Heard()
    driver = GpioPanels([PinPanel("door", {1: 4}, pull_up=False)], lambda: factory)
    factory.pin(4).drive_high()
    driver.start(heard)
    driver.stop()
    assert heard.fact("door", "connected")
    assert heard.presses() == []


def test_without_a_chip_every_panel_has_failed():
    def no_chip() -> MockFactory:
        raise gpiozero.BadPinFactory("no GPIO chip")

    heard = Heard()
    GpioPanels([PinPanel("door", {1: 4})], no_chip).start(heard)
    assert "no GPIO chip" in heard.fact("door", "failed").detail


def test_a_light_is_a_pin(factory):
    light = PinLight(22, factory)
    light.set(True)
    light.set(False)
    light.set(True)
    output = factory.pin(22).output
    assert (output.on, output.rises) == (True, 2)
    light.close()
