"""USB panels that show themselves as keyboards or consumer controls, read through evdev.

Decides how an event node is taken over: exclusively, so that no console or browser also types the
panel's keys, and with monotonic stamps, so that a step of the wall clock moves no press.
"""

import contextlib
import errno
import fcntl
import os
import struct
import time
from collections.abc import Sequence
from typing import Protocol

import evdev
from evdev.eventio import EvdevError

from edge.buttons.key_events import EVENT, KeyEvents
from edge.buttons.nodes import Change, Hardware, Node
from edge.buttons.udev import UdevNodes

EVIOCSCLOCKID = 0x400445A0  # _IOW('E', 0xa0, int); python-evdev has no method for it
_EVENTS_PER_READ = 64


class InputNode(Protocol):
    """One /dev/input/event node at the level of its bytes and ioctls."""

    def fileno(self) -> int: ...

    def grab(self) -> None:
        """OSError EBUSY when another process has it."""
        ...

    def use_clock(self, clock_id: int) -> None: ...

    def read(self, size: int) -> bytes:
        """Whole `struct input_event`s; BlockingIOError when there are none, ENODEV when gone."""
        ...

    def active_keys(self) -> frozenset[int]: ...

    def set_led(self, led: int, on: bool) -> None: ...

    def close(self) -> None: ...


class KernelInputNode:
    """An `InputNode` of the running kernel."""

    def __init__(self, path: str) -> None:
        # InputDevice would fall back to other errors' meanings: ask for the plain reason first.
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
        self._device: evdev.InputDevice[str] = evdev.InputDevice(path)

    def fileno(self) -> int:
        return self._device.fd

    def grab(self) -> None:
        self._device.grab()

    def use_clock(self, clock_id: int) -> None:
        fcntl.ioctl(self._device.fd, EVIOCSCLOCKID, struct.pack("i", clock_id))

    def read(self, size: int) -> bytes:
        return os.read(self._device.fd, size)

    def active_keys(self) -> frozenset[int]:
        return frozenset(self._device.active_keys())

    def set_led(self, led: int, on: bool) -> None:
        try:
            self._device.set_led(led, int(on))
        except EvdevError as error:  # the node could be opened for reading only
            raise PermissionError(errno.EACCES, str(error)) from error

    def close(self) -> None:
        self._device.close()


class KeyNode:
    """A `Node` over an `InputNode`."""

    def __init__(self, raw: InputNode, exclusive: bool = True) -> None:
        self._raw = raw
        try:
            if exclusive:
                raw.grab()
            self._stamped = self._set_clock()
            self._events = KeyEvents(raw.active_keys, time.monotonic_ns)
        except OSError:
            raw.close()
            raise

    def _set_clock(self) -> bool:
        with contextlib.suppress(OSError):
            self._raw.use_clock(time.CLOCK_MONOTONIC)
            return True
        return False

    def fileno(self) -> int:
        return self._raw.fileno()

    def held(self) -> frozenset[int]:
        return self._events.down

    def changes(self) -> Sequence[Change]:
        try:
            chunk = self._raw.read(EVENT.size * _EVENTS_PER_READ)
        except BlockingIOError:
            return ()
        if not chunk:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return self._events.feed(chunk, self._stamped)

    def lost_events(self) -> int:
        lost, self._events.lost = self._events.lost, 0
        return lost

    def set_led(self, led: int, on: bool) -> None:
        self._raw.set_led(led, on)

    def close(self) -> None:
        self._raw.close()


class UsbFinder(UdevNodes):
    """Event nodes that have keys."""

    def __init__(self, exclusive: bool = True) -> None:
        super().__init__("input", "event", required="ID_INPUT_KEY")
        self._exclusive = exclusive

    def open(self, hardware: Hardware, panel: str) -> Node:  # noqa: ARG002 - alike for all panels
        return KeyNode(KernelInputNode(hardware.path), self._exclusive)
