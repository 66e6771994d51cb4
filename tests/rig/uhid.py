"""Panels made by the running kernel: HID devices through /dev/uhid, with real event nodes and udev.

Needs root and the modules uhid, hid-generic and evdev. The structures are those of linux/uhid.h.
"""

import contextlib
import os
import struct
import time
from collections.abc import Iterator, Sequence

from edge.buttons.nodes import Hardware, NodeFinder
from edge.buttons.usb import UsbFinder
from tests.edge.buttons.benches import (
    KEY_1,
    KEY_2,
    KEY_3,
    KEY_NEXTSONG,
    KEY_PLAYPAUSE,
    hold_open,
)
from tests.fakes.waiting import eventually

UHID_DESTROY, UHID_OUTPUT, UHID_CREATE2, UHID_INPUT2 = 1, 6, 11, 12
BUS_USB = 3
EVENT_SIZE = 4 + 4372 + 4  # an event is at most a create request
NOBODY = 65534

# A boot keyboard: eight modifier bits, a byte of padding, five lamps out, six keys.
KEYBOARD = bytes.fromhex(
    "05010906a101050719e029e715002501750195088102950175088103950575"
    "01050819012905910295017503910395067508150025650507190029658100c0"
)
# A consumer control: one 16-bit usage.
CONSUMER = bytes.fromhex("050c0901a101150026ff0319002aff03751095018100c0")
USAGES = {KEY_1: 0x1E, KEY_2: 0x1F, KEY_3: 0x20, KEY_PLAYPAUSE: 0xCD, KEY_NEXTSONG: 0xB5}


class _BenchFinder(UsbFinder):
    """Without the machine's own keys, such as the power button."""

    def nodes(self) -> Sequence[Hardware]:
        return [node for node in super().nodes() if node.name.startswith("bench ")]


class UhidBench:
    def __init__(self) -> None:
        self._watch = _BenchFinder()
        self._plugged: list[UhidPlugged] = []

    def finder(self) -> NodeFinder:
        return _BenchFinder()

    def plug(self, serial: str | None, port: str, consumer: bool = False) -> "UhidPlugged":
        panel = UhidPlugged(serial or "", port, consumer)
        self._plugged.append(panel)
        wanted = (serial, port, panel.name)
        eventually(
            lambda: wanted in [(n.serial, n.port, n.name) for n in self._watch.nodes()],
            within_s=60,
        )
        return panel

    @contextlib.contextmanager
    def hold_elsewhere(self, finder: NodeFinder) -> Iterator[None]:
        with hold_open(finder):
            yield

    @contextlib.contextmanager
    def forbid(self) -> Iterator[None]:
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)

    def close(self) -> None:
        for panel in self._plugged:
            panel.unplug()
        eventually(lambda: not self._watch.nodes(), within_s=60)
        self._watch.close()


class UhidDevice:
    """A HID device of any kind."""

    def __init__(self, name: str, serial: str, phys: str, descriptor: bytes) -> None:
        self._fd = os.open("/dev/uhid", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        identity = struct.pack("<128s64s64s", name.encode(), phys.encode(), serial.encode())
        numbers = struct.pack("<HHIIII", len(descriptor), BUS_USB, 0x1209, 0x0001, 1, 0)
        self._write(UHID_CREATE2, identity + numbers + descriptor.ljust(4096, b"\0"))

    def report(self, report: bytes) -> None:
        self._write(UHID_INPUT2, struct.pack("<H", len(report)) + report)

    def outputs(self) -> Iterator[bytes]:
        """The output reports the kernel has sent since the last call."""
        with contextlib.suppress(BlockingIOError):
            while True:
                event = os.read(self._fd, EVENT_SIZE)
                if struct.unpack_from("<I", event)[0] == UHID_OUTPUT:
                    (size,) = struct.unpack_from("<H", event, 4 + 4096)
                    yield event[4 : 4 + size]

    def unplug(self) -> None:
        if self._fd >= 0:
            self._write(UHID_DESTROY, b"")
            os.close(self._fd)
            self._fd = -1

    def _write(self, kind: int, payload: bytes) -> None:
        os.write(self._fd, struct.pack("<I", kind) + payload)


class UhidPlugged:
    """A keyboard or a consumer control."""

    def __init__(self, serial: str, port: str, consumer: bool) -> None:
        self.name = "bench consumer" if consumer else "bench keyboard"
        self._consumer = consumer
        self._down: list[int] = []
        self._leds = 0
        phys = f"{port}/input{int(consumer)}"
        self._device = UhidDevice(self.name, serial, phys, CONSUMER if consumer else KEYBOARD)

    def down(self, key: int) -> None:
        self._down.append(key)
        self._report()

    def up(self, key: int) -> None:
        self._down.remove(key)
        self._report()

    def repeat(self, key: int) -> None:
        """The kernel repeats by itself, 250 ms after the press and then every 33 ms."""
        assert key in self._down
        time.sleep(0.5)

    def led(self, led: int) -> bool:
        for report in self._device.outputs():
            self._leds = report[0]
        return bool(self._leds >> led & 1)

    def unplug(self) -> None:
        self._device.unplug()

    def _report(self) -> None:
        usages = [USAGES[key] for key in self._down]
        if self._consumer:
            self._device.report(struct.pack("<H", usages[-1] if usages else 0))
        else:
            self._device.report(bytes([0, 0, *usages]).ljust(8, b"\0"))
