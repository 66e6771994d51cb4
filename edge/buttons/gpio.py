"""Panels wired to the Pi's own pins, through gpiozero.

Edges are passed on raw: gpiozero's own bounce filter would hide from `presses` what it must count.
The pin factory is given, so that virtual pins drive the same code.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import gpiozero
from gpiozero.pins import Factory

from edge.buttons.port import Contact, PanelFact, Sink


@dataclass(frozen=True, slots=True)
class PinPanel:
    """`pins`: button number -> GPIO number; `pull_up`: the button connects the pin to ground."""

    panel: str
    pins: Mapping[int, int]
    pull_up: bool = True


class GpioPanels:
    """A `ButtonDriver`. Contacts come from the pin factory's thread."""

    def __init__(self, panels: list[PinPanel], factory: Callable[[], Factory]) -> None:
        self._panels = panels
        self._factory = factory
        self._buttons: list[gpiozero.Button] = []

    def start(self, sink: Sink) -> None:
        for panel in self._panels:
            try:
                opened = [
                    self._open(panel, number, pin, sink) for number, pin in panel.pins.items()
                ]
            except (gpiozero.GPIOZeroError, OSError) as error:
                sentence = f"Its pins cannot be used: {error}."
                sink(PanelFact(panel.panel, "failed", sentence))
                continue
            self._buttons += opened
            sink(PanelFact(panel.panel, "connected", f"{len(opened)} buttons on GPIO pins."))

    def stop(self) -> None:
        for button in self._buttons:
            button.close()
        self._buttons.clear()

    def _open(self, panel: PinPanel, number: int, pin: int, sink: Sink) -> gpiozero.Button:
        button = gpiozero.Button(pin, pull_up=panel.pull_up, pin_factory=self._factory())
        if button.is_pressed:
            sentence = f"Button {number} was down already when the panel was opened."
            sink(PanelFact(panel.panel, "stuck", sentence))
        button.when_pressed = partial(_tell, sink, panel.panel, number, True)
        button.when_released = partial(_tell, sink, panel.panel, number, False)
        return button


def _tell(sink: Sink, panel: str, number: int, down: bool) -> None:
    sink(Contact(panel, number, down, time.monotonic_ns()))


class PinLight:
    """A lamp or an active buzzer on a pin: a `Light`."""

    def __init__(self, pin: int, factory: Factory) -> None:
        self._output = gpiozero.DigitalOutputDevice(pin, pin_factory=factory)

    def set(self, on: bool) -> None:
        self._output.value = on

    def close(self) -> None:
        self._output.close()
