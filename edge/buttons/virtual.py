"""Virtual hardware for a whole panel mapping, and fingers to press it with.

The control surface of `edge --simulate`: whoever holds a `VirtualHardware` plays the patient and the
electrician. It knows the mapping only to build hardware that fits it; nothing here reports a press to
anybody but through bytes and pins.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Protocol

from gpiozero.pins import Factory
from gpiozero.pins.mock import MockFactory

from edge.buttons import mapping
from edge.buttons.key_events import AUTOREPEAT, DOWN, UP
from edge.buttons.nodes import Hardware, NodeFinder
from edge.buttons.serial import SerialSettings
from edge.buttons.virtual_bus import Bus
from edge.buttons.virtual_devices import HidPanelDevice, Keyboard, SerialBox
from edge.buttons.virtual_outputs import Output, WatchedPin

_MODEL = "1209:0001"  # an identity free for testing


class _Fingers(Protocol):
    """One virtual panel, whatever its kind."""

    def move(self, button: int, down: bool) -> None: ...

    def plug(self, port: str | None) -> None: ...

    def unplug(self) -> None: ...


class _UsbFingers:
    def __init__(self, panel: mapping.UsbPanel, bus: Bus, path: str) -> None:
        self._codes = {button: code for code, button in panel.codes.items()}
        self._bus = bus
        port = panel.port or f"virtual-usb-{path}"
        model = panel.model or _MODEL
        self.keyboard = Keyboard(Hardware(path, panel.serial, port, f"virtual {panel.name}", model))

    def move(self, button: int, down: bool) -> None:
        self.keyboard.key(self._codes[button], DOWN if down else UP)

    def repeat(self, button: int) -> None:
        self.keyboard.key(self._codes[button], AUTOREPEAT)

    def lose(self, button: int, down: bool) -> None:
        self.keyboard.key(self._codes[button], DOWN if down else UP, reported=False)
        self.keyboard.drop()

    def plug(self, port: str | None) -> None:
        if port is not None:
            self.keyboard.hardware = replace(self.keyboard.hardware, port=port)
        self._bus.plug(self.keyboard)

    def unplug(self) -> None:
        self._bus.unplug(self.keyboard)


class _HidFingers:
    def __init__(self, panel: mapping.HidPanel, bus: Bus, path: str) -> None:
        self._codes = {button: code for code, button in panel.codes.items()}
        self._bus = bus
        port = panel.port or f"virtual-hid-{path}"
        hardware = Hardware(
            path, panel.serial, port, f"virtual {panel.name}", panel.model or _MODEL
        )
        size = 1 + max(code >> 3 for code in panel.codes)
        self._device = HidPanelDevice(hardware, size)

    def move(self, button: int, down: bool) -> None:
        self._device.bit(self._codes[button], down)

    def plug(self, port: str | None) -> None:
        if port is not None:
            self._device.hardware = replace(self._device.hardware, port=port)
        self._bus.plug(self._device)

    def unplug(self) -> None:
        self._bus.unplug(self._device)


class _SerialFingers:
    def __init__(self, panel: mapping.SerialPanel, bus: Bus) -> None:
        self._panel = panel
        self._codes = {button: code for code, button in panel.codes.items()}
        self._bus = bus
        self._port = panel.port or f"virtual-serial-{panel.name}"
        self._box: SerialBox | None = None

    def move(self, button: int, down: bool) -> None:
        if self._box is None:
            return
        code = self._codes[button]
        if self._panel.protocol == "lines":
            self._box.write(f"BTN {code} {'DOWN' if down else 'UP'}\n".encode())
        elif down:
            self._box.write(bytes([code]))

    def plug(self, port: str | None) -> None:
        self._port = port or self._port
        settings = SerialSettings(self._panel.baud, self._panel.protocol)
        model = self._panel.model or _MODEL
        self._box = SerialBox(self._panel.serial, self._port, model, settings)
        self._bus.plug(self._box)

    def unplug(self) -> None:
        if self._box is not None:
            self._bus.unplug(self._box)
            self._box = None


class _GpioFingers:
    """Wired panels cannot be unplugged."""

    def __init__(self, panel: mapping.GpioPanel, factory: MockFactory) -> None:
        self._panel = panel
        self._factory = factory

    def move(self, button: int, down: bool) -> None:
        pin = self._factory.pin(self._panel.pins[button])
        (pin.drive_low if down == self._panel.pull_up else pin.drive_high)()

    def plug(self, port: str | None) -> None: ...

    def unplug(self) -> None: ...


class VirtualHardware:
    """Hardware that fits `configured`, all plugged in: the `Connectors` of a simulated terminal."""

    def __init__(self, configured: mapping.PanelMapping) -> None:
        self._configured = configured
        self._factory = MockFactory(pin_class=WatchedPin)
        self._buses = {kind: Bus() for kind in ("usb", "hid", "serial")}
        numbers = count()
        self._fingers: dict[str, _Fingers] = {}
        for panel in configured.panels:
            self._fingers[panel.name] = self._make(panel, next(numbers))
            self.plug(panel.name)

    def _make(self, panel: mapping.Panel, number: int) -> _Fingers:
        match panel:
            case mapping.UsbPanel():
                return _UsbFingers(panel, self._buses["usb"], f"/dev/input/event{number}")
            case mapping.HidPanel():
                return _HidFingers(panel, self._buses["hid"], f"/dev/hidraw{number}")
            case mapping.SerialPanel():
                return _SerialFingers(panel, self._buses["serial"])
            case mapping.GpioPanel():
                return _GpioFingers(panel, self._factory)

    # Where the drivers plug in.

    def usb(self) -> NodeFinder:
        return self._buses["usb"].finder()

    def hid(self) -> NodeFinder:
        return self._buses["hid"].finder()

    def serial(self, settings_of: Callable[[str], SerialSettings]) -> NodeFinder:  # noqa: ARG002 - boxes have theirs
        return self._buses["serial"].finder()

    def pins(self) -> Factory:
        return self._factory

    # What a finger or an electrician does. KeyError for a panel or button that does not exist.

    def press(self, panel: str, button: int, hold_ms: float = 80) -> None:
        """Down, hold, up; returns when the finger is off."""
        self.hold(panel, button)
        time.sleep(hold_ms / 1000)
        self.release(panel, button)

    def hold(self, panel: str, button: int) -> None:
        self._fingers[panel].move(button, True)

    def release(self, panel: str, button: int) -> None:
        self._fingers[panel].move(button, False)

    def bounce(self, panel: str, button: int, edges: int = 3, hold_ms: float = 80) -> None:
        """One press whose contact opens and closes `edges` times before it rests."""
        for _ in range(edges):
            self.hold(panel, button)
            self.release(panel, button)
        self.press(panel, button, hold_ms)

    def plug(self, panel: str, port: str | None = None) -> None:
        """Into the socket it was in, or into another."""
        self._fingers[panel].plug(port)

    def unplug(self, panel: str) -> None:
        self._fingers[panel].unplug()

    def autorepeat(self, panel: str, button: int) -> None:
        """USB panels only: the keyboard's typematic repeat of a held button."""
        self._usb_fingers(panel).repeat(button)

    def lose(self, panel: str, button: int, down: bool) -> None:
        """USB panels only: the button moves, and the kernel's queue overflows over it."""
        self._usb_fingers(panel).lose(button, down)

    # What can be seen and heard.

    def lamp_state(self, panel: str) -> bool:
        """Whether the thanks lamp shines."""
        return self.thanks_lamp(panel).on

    def thanks_count(self, panel: str) -> int:
        """How often the panel has thanked: rising edges of its thanks lamp.

        Exact only where the mapping gives refusals a lamp of their own.
        """
        return self.thanks_lamp(panel).rises

    def refusal_count(self, panel: str) -> int:
        """Rising edges of the refusal lamp; one refusal makes several."""
        return self._output(panel, self._panel(panel).lamps.refusal, "refusal").rises

    def thanks_lamp(self, panel: str) -> Output:
        return self._output(panel, self._panel(panel).lamps.thanks, "thanks")

    def pin_output(self, pin: int) -> Output:
        """A buzzer, or any other pin that is driven."""
        output: Output = self._factory.pin(pin).output
        return output

    def _panel(self, name: str) -> mapping.Panel:
        panel = self._configured.panel(name)
        if panel is None:
            raise KeyError(name)
        return panel

    def _output(self, panel: str, lamp: mapping.Lamp | None, purpose: str) -> Output:
        if lamp is None:
            raise KeyError(f"panel '{panel}' has no {purpose} lamp")
        if lamp.pin is not None:
            return self.pin_output(lamp.pin)
        assert lamp.led is not None  # noqa: S101 - the mapping allows a pin or an LED
        return self._usb_fingers(panel).keyboard.led(lamp.led)

    def _usb_fingers(self, panel: str) -> _UsbFingers:
        fingers = self._fingers[panel]
        if not isinstance(fingers, _UsbFingers):
            raise KeyError(f"panel '{panel}' is not a USB panel")
        return fingers
