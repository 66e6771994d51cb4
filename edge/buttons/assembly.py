"""Turns a panel mapping into running drivers and lamps.

`Connectors` is where panels are plugged in: the running kernel, or virtual hardware. Everything
above it is the same in both cases.
"""

import importlib
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import gpiozero
from gpiozero.pins import Factory

from edge.buttons import mapping
from edge.buttons.binding import Resolve, claimed
from edge.buttons.gpio import GpioPanels, PinLight, PinPanel
from edge.buttons.hidraw import HidFinder
from edge.buttons.lamps import Light, PanelLamps, Signals
from edge.buttons.nodes import NodeFinder
from edge.buttons.port import ALL_PANELS, ButtonDriver, PanelFact, Sink
from edge.buttons.reader import PanelReader
from edge.buttons.serial import SerialFinder, SerialSettings
from edge.buttons.usb import UsbFinder

_Kind = TypeVar("_Kind", mapping.UsbPanel, mapping.HidPanel, mapping.SerialPanel, mapping.GpioPanel)


class Connectors(Protocol):
    """The lowest level of all kinds of panels."""

    def usb(self) -> NodeFinder: ...

    def hid(self) -> NodeFinder: ...

    def serial(self, settings_of: Callable[[str], SerialSettings]) -> NodeFinder: ...

    def pins(self) -> Factory: ...


class KernelConnectors:
    """The machine the agent runs on. `exclusive`: nobody else shall receive the panels' keys."""

    def __init__(self, exclusive: bool = True) -> None:
        self._exclusive = exclusive

    def usb(self) -> NodeFinder:
        return UsbFinder(self._exclusive)

    def hid(self) -> NodeFinder:
        return HidFinder()

    def serial(self, settings_of: Callable[[str], SerialSettings]) -> NodeFinder:
        return SerialFinder(settings_of)

    def pins(self) -> Factory:
        # Loaded only where pins are used. On import lgpio makes a pipe in its working folder, by
        # default the current one, which an agent under systemd may not write to.
        os.environ.setdefault("LG_WD", tempfile.gettempdir())
        factory: Factory = importlib.import_module("gpiozero.pins.lgpio").LGPIOFactory()
        return factory


@dataclass(frozen=True, slots=True)
class LedLight:
    """A lamp built into a keyboard-like panel: a `Light`."""

    reader: PanelReader
    panel: str
    led: int

    def set(self, on: bool) -> None:
        self.reader.set_led(self.panel, self.led, on)


class Panels:
    """The drivers and lamps of one terminal."""

    def __init__(self, configured: mapping.PanelMapping, connectors: Connectors) -> None:
        self._connectors = connectors
        self._factory: Factory | None = None
        self._pin_lights: list[PinLight] = []
        self._failures: list[PanelFact] = []
        usb = _of(configured, mapping.UsbPanel)
        hid = _of(configured, mapping.HidPanel)
        boxes = _of(configured, mapping.SerialPanel)
        wired = _of(configured, mapping.GpioPanel)
        settings = {box.name: SerialSettings(box.baud, box.protocol) for box in boxes}
        self._usb = PanelReader(connectors.usb(), _rule(usb)) if usb else None
        self._drivers: list[ButtonDriver] = [self._usb] if self._usb else []
        if hid:
            self._drivers.append(PanelReader(connectors.hid(), _rule(hid)))
        if boxes:
            self._drivers.append(PanelReader(connectors.serial(settings.__getitem__), _rule(boxes)))
        if wired:
            pins = [PinPanel(panel.name, panel.pins, panel.pull_up) for panel in wired]
            self._drivers.append(GpioPanels(pins, self._pins))
        self.lamps = PanelLamps(
            {panel.name: self._signals(panel) for panel in configured.panels},
            buzzer=self._pin_light(configured.buzzer),
            attention=self._pin_light(configured.attention),
        )

    def start(self, sink: Sink) -> None:
        self.lamps.start()
        for failure in self._failures:
            sink(failure)
        for driver in self._drivers:
            driver.start(sink)

    def stop(self) -> None:
        self.lamps.stop()
        for driver in self._drivers:
            driver.stop()
        for light in self._pin_lights:
            light.close()
        if self._factory is not None:
            self._factory.close()

    def _pins(self) -> Factory:
        """One factory for all: it is opened when the first pin is wanted."""
        if self._factory is None:
            self._factory = self._connectors.pins()
        return self._factory

    def _pin_light(self, pin: int | None) -> Light | None:
        if pin is None:
            return None
        try:
            light = PinLight(pin, self._pins())
        except (gpiozero.GPIOZeroError, OSError) as error:
            # Without its lamp a panel still records.
            sentence = f"The lamp on pin {pin} cannot be used: {error}."
            self._failures.append(PanelFact(ALL_PANELS, "failed", sentence))
            return None
        self._pin_lights.append(light)
        return light

    def _signals(self, panel: mapping.Panel) -> Signals:
        return Signals(
            self._light(panel.name, panel.lamps.thanks),
            self._light(panel.name, panel.lamps.refusal),
        )

    def _light(self, panel: str, lamp: mapping.Lamp | None) -> Light | None:
        if lamp is None:
            return None
        if lamp.led is not None:
            return LedLight(self._usb, panel, lamp.led) if self._usb else None
        return self._pin_light(lamp.pin)


def _of(configured: mapping.PanelMapping, kind: type[_Kind]) -> list[_Kind]:
    return [panel for panel in configured.panels if isinstance(panel, kind)]


def _rule(panels: Sequence[mapping.UsbPanel | mapping.HidPanel | mapping.SerialPanel]) -> Resolve:
    return claimed([panel.claim() for panel in panels])
