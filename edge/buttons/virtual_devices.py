"""Virtual devices at the lowest level: bytes and descriptors, so that the drivers are the real ones.

A keyboard carries real `struct input_event` bytes through a socket pair, a serial box speaks through
a pseudo-terminal, a HID panel sends raw reports. They behave like the kernel's wherever a driver can
tell: exclusive grabs, stamps of the chosen clock, lost events, ENODEV after unplugging.
"""

import errno
import os
import socket
import threading
import time
import tty
from collections.abc import Iterable

from edge.buttons.hidraw import ReportNode
from edge.buttons.key_events import EV_KEY, EV_SYN, SYN_DROPPED, SYN_REPORT, pack
from edge.buttons.nodes import Hardware, Node
from edge.buttons.serial import SerialNode, SerialSettings
from edge.buttons.usb import KeyNode
from edge.buttons.virtual_outputs import Output


class Keyboard:
    """An event node with keys and lamps, and the clients that have it open."""

    def __init__(self, hardware: Hardware) -> None:
        self.hardware = hardware
        self.denied = False
        self.down: set[int] = set()
        self.leds: dict[int, Output] = {}
        self.grabbed_by: object = None
        self._clients: list[_Client] = []
        self._lock = threading.Lock()

    def open(self, panel: str) -> Node:  # noqa: ARG002 - alike for all panels
        if self.denied:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), self.hardware.path)
        return KeyNode(self.attach())

    def attach(self) -> "_Client":
        client = _Client(self)
        with self._lock:
            self._clients.append(client)
        return client

    def detach(self, client: "_Client") -> None:
        with self._lock:
            if client in self._clients:
                self._clients.remove(client)
            if self.grabbed_by is client:
                self.grabbed_by = None

    def key(self, code: int, value: int, reported: bool = True) -> None:
        """A key event with its SYN_REPORT; unless `reported`, the event is lost on its way."""
        (self.down.add if value else self.down.discard)(code)
        if reported:
            self.send([(EV_KEY, code, value), (EV_SYN, SYN_REPORT, 0)])

    def drop(self) -> None:
        """The kernel's queue overflowed."""
        self.send([(EV_SYN, SYN_DROPPED, 0), (EV_SYN, SYN_REPORT, 0)])

    def send(self, events: Iterable[tuple[int, int, int]]) -> None:
        report = tuple(events)
        with self._lock:
            for client in self._clients:
                if self.grabbed_by in (None, client):
                    client.receive(report)

    def led(self, led: int) -> Output:
        return self.leds.setdefault(led, Output())

    def vanish(self) -> None:
        with self._lock:
            clients, self._clients = self._clients, []
            self.grabbed_by = None
        self.down.clear()
        for client in clients:
            client.hang_up()


class _Client:
    """One opening of a keyboard: an `InputNode`."""

    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard
        self._clock = time.CLOCK_REALTIME
        self._overflowed = False
        self._gone = False
        # Sequential packets keep reports whole, as the kernel does.
        self._near, self._far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._near.setblocking(False)
        self._far.setblocking(False)

    def fileno(self) -> int:
        return self._near.fileno()

    def grab(self) -> None:
        if self._keyboard.grabbed_by not in (None, self):
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        self._keyboard.grabbed_by = self

    def use_clock(self, clock_id: int) -> None:
        self._clock = clock_id

    def read(self, size: int) -> bytes:
        return os.read(self._near.fileno(), size)

    def active_keys(self) -> frozenset[int]:
        if self._gone:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return frozenset(self._keyboard.down)

    def set_led(self, led: int, on: bool) -> None:
        self._keyboard.led(led).set(on)

    def close(self) -> None:
        self._keyboard.detach(self)
        self._near.close()
        self._far.close()

    def receive(self, report: tuple[tuple[int, int, int], ...]) -> None:
        if self._overflowed:
            report = ((EV_SYN, SYN_DROPPED, 0), (EV_SYN, SYN_REPORT, 0), *report)
        now = time.clock_gettime_ns(self._clock)
        try:
            self._far.send(b"".join(pack(now, *event) for event in report))
            self._overflowed = False
        except BlockingIOError:  # nobody reads: the kernel's queue would overflow too
            self._overflowed = True

    def hang_up(self) -> None:
        self._gone = True
        self._far.close()


class HidPanelDevice:
    """A panel that sends one-byte-or-longer raw reports, unnumbered."""

    descriptor = b""

    def __init__(self, hardware: Hardware, size: int) -> None:
        self.hardware = hardware
        self._report = bytearray(size)
        self._open: list[socket.socket] = []

    def open(self, panel: str) -> Node:  # noqa: ARG002 - alike for all panels
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        near.setblocking(False)
        self._open.append(far)
        return ReportNode(_Reports(near, self.descriptor))

    def bit(self, code: int, on: bool) -> None:
        byte, mask = code >> 3, 1 << (code & 7)
        self._report[byte] = self._report[byte] | mask if on else self._report[byte] & ~mask
        for far in self._open:
            far.send(self._report)

    def vanish(self) -> None:
        self._report = bytearray(len(self._report))
        for far in self._open:
            far.close()
        self._open.clear()


class _Reports:
    """`RawReports` over a socket."""

    def __init__(self, near: socket.socket, descriptor: bytes) -> None:
        self.descriptor = descriptor
        self._near = near

    def fileno(self) -> int:
        return self._near.fileno()

    def read(self, size: int) -> bytes:
        report = os.read(self._near.fileno(), size)
        if not report:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return report

    def close(self) -> None:
        self._near.close()


class SerialBox:
    """A button box at the far end of a pseudo-terminal."""

    def __init__(self, serial: str | None, port: str, model: str, settings: SerialSettings) -> None:
        self._settings = settings
        self._box_end, self._port_end = os.openpty()
        tty.setraw(self._port_end)
        self.hardware = Hardware(
            os.ttyname(self._port_end), serial, port, "virtual serial box", model
        )

    def open(self, panel: str) -> Node:  # noqa: ARG002 - it was made for one panel
        return SerialNode(self.hardware.path, self._settings)

    def write(self, line: bytes) -> None:
        os.write(self._box_end, line)

    def vanish(self) -> None:
        os.close(self._port_end)
        os.close(self._box_end)
