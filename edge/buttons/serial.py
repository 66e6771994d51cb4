"""Button boxes on a serial line, read through pyserial.

Two protocols, by configuration: `lines` ("BTN 3 DOWN", "BTN 3 UP") and `bytes` (one byte for one
press, without a release). Changes have the time of their arrival.
"""

import errno
import os
import re
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import serial

from edge.buttons.nodes import Change, Hardware, Node
from edge.buttons.udev import UdevNodes

_LINE = re.compile(rb"BTN (\d{1,3}) (DOWN|UP)\r?")
_LONGEST_LINE = 64


@dataclass(frozen=True, slots=True)
class SerialSettings:
    baud: int = 9600
    protocol: Literal["lines", "bytes"] = "lines"


class Lines:
    """Pure: "BTN n DOWN" and "BTN n UP"; anything else on a line is noise and is passed over."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes, at_ns: int) -> list[Change]:
        *lines, rest = (self._rest + chunk).split(b"\n")
        self._rest = rest[-_LONGEST_LINE:]
        found = [match for line in lines if (match := _LINE.fullmatch(line))]
        return [Change(int(match[1]), match[2] == b"DOWN", at_ns) for match in found]


class Bytes:
    """Pure: each byte is a code that went down and up."""

    def feed(self, chunk: bytes, at_ns: int) -> list[Change]:
        return [Change(byte, down, at_ns) for byte in chunk for down in (True, False)]


class SerialNode:
    """A `Node` over an open serial port."""

    def __init__(self, path: str, settings: SerialSettings) -> None:
        try:
            self._port = serial.Serial(path, settings.baud, timeout=0, exclusive=True)
        except termios.error as error:
            raise OSError(*error.args) from error
        except serial.SerialException as error:
            locked = error.errno == errno.EWOULDBLOCK
            raise OSError(
                errno.EBUSY if locked else error.errno or errno.EIO, str(error)
            ) from error
        self._protocol = Lines() if settings.protocol == "lines" else Bytes()

    def fileno(self) -> int:
        return self._port.fileno()

    def held(self) -> frozenset[int]:
        return frozenset()  # the box tells only changes

    def changes(self) -> Sequence[Change]:
        # Not Serial.read: with no time-out it takes a vanished device for one without data.
        try:
            chunk = os.read(self._port.fileno(), 4096)
        except BlockingIOError:
            return ()
        if not chunk:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return self._protocol.feed(chunk, time.monotonic_ns())

    def lost_events(self) -> int:
        return 0

    def set_led(self, led: int, on: bool) -> None:
        """The protocols have no lamp; a box of this kind gets one by GPIO."""

    def close(self) -> None:
        self._port.close()


class SerialFinder(UdevNodes):
    """Serial ports that are USB devices."""

    def __init__(self, settings_of: Callable[[str], SerialSettings]) -> None:
        """`settings_of` tells how a panel's line is spoken to."""
        super().__init__("tty", "tty")
        self._settings_of = settings_of

    def nodes(self) -> Sequence[Hardware]:
        usb = ("/dev/ttyUSB", "/dev/ttyACM")
        return [node for node in super().nodes() if node.path.startswith(usb)]

    def open(self, hardware: Hardware, panel: str) -> Node:
        return SerialNode(hardware.path, self._settings_of(panel))
