"""Virtual sockets: what is plugged in, and a `NodeFinder` that notices."""

import errno
import os
from collections.abc import Sequence
from typing import Protocol

from edge.buttons.nodes import Hardware, Node


class Device(Protocol):
    """Something that can be plugged into a `Bus`."""

    hardware: Hardware

    def open(self, panel: str) -> Node: ...

    def vanish(self) -> None:
        """It was pulled out: what is open ends with ENODEV."""
        ...


class Bus:
    """The sockets of one kind of device."""

    def __init__(self) -> None:
        self._plugged: dict[str, Device] = {}
        self._finders: list[Finder] = []

    def plug(self, device: Device) -> None:
        self._plugged[device.hardware.path] = device
        self._notify()

    def unplug(self, device: Device) -> None:
        if self._plugged.pop(device.hardware.path, None) is not None:
            device.vanish()
            self._notify()

    def finder(self) -> "Finder":
        finder = Finder(self)
        self._finders.append(finder)
        return finder

    def forget(self, finder: "Finder") -> None:
        self._finders.remove(finder)

    def devices(self) -> dict[str, Device]:
        return dict(self._plugged)

    def _notify(self) -> None:
        for finder in list(self._finders):
            finder.notify()


class Finder:
    """The `NodeFinder` of a `Bus`."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._notified = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def fileno(self) -> int:
        return self._notified

    def notify(self) -> None:
        os.eventfd_write(self._notified, 1)

    def drain(self) -> None:
        os.eventfd_read(self._notified)

    def nodes(self) -> Sequence[Hardware]:
        return [device.hardware for device in self._bus.devices().values()]

    def open(self, hardware: Hardware, panel: str) -> Node:
        device = self._bus.devices().get(hardware.path)
        if device is None:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return device.open(panel)

    def close(self) -> None:
        self._bus.forget(self)
        os.close(self._notified)
