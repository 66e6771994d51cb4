"""Where the driver tests plug panels in: virtual nodes, or real ones of the running kernel.

`WELLHEARD_PANELS=uhid` chooses the kernel (root, and the modules uhid and evdev); `make rig` sets it
inside the virtual terminal, so that one suite judges the virtual nodes and the kernel's.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from typing import Protocol

from edge.buttons.key_events import AUTOREPEAT, DOWN, UP
from edge.buttons.nodes import Hardware, Node, NodeFinder
from edge.buttons.virtual_bus import Bus
from edge.buttons.virtual_devices import Keyboard

KEY_1, KEY_2, KEY_3 = 2, 3, 4
KEY_PLAYPAUSE, KEY_NEXTSONG = 164, 163
LED_NUML = 0
MODEL = "1209:0001"


class Plugged(Protocol):
    """One panel in a socket."""

    def down(self, key: int) -> None: ...

    def up(self, key: int) -> None: ...

    def repeat(self, key: int) -> None:
        """Hold a pressed key until autorepeat has come from it."""
        ...

    def led(self, led: int) -> bool: ...

    def unplug(self) -> None: ...


class Bench(Protocol):
    def finder(self) -> NodeFinder: ...

    def plug(self, serial: str | None, port: str, consumer: bool = False) -> Plugged: ...

    def hold_elsewhere(self, finder: NodeFinder) -> contextlib.AbstractContextManager[None]:
        """Another process has every panel open exclusively."""
        ...

    def forbid(self) -> contextlib.AbstractContextManager[None]:
        """The user of this process may not open panels."""
        ...

    def close(self) -> None: ...


class VirtualBench:
    def __init__(self) -> None:
        self._bus = Bus()
        self._count = 0
        self.plugged: list[VirtualPlugged] = []
        self._forbidden = False

    def finder(self) -> NodeFinder:
        return self._bus.finder()

    def plug(self, serial: str | None, port: str, consumer: bool = False) -> "VirtualPlugged":
        name = "bench consumer" if consumer else "bench keyboard"
        hardware = Hardware(f"/dev/input/event{self._count}", serial, port, name, MODEL)
        self._count += 1
        keyboard = Keyboard(hardware)
        keyboard.denied = self._forbidden
        self._bus.plug(keyboard)
        self.plugged.append(VirtualPlugged(self._bus, keyboard))
        return self.plugged[-1]

    @contextlib.contextmanager
    def hold_elsewhere(self, finder: NodeFinder) -> Iterator[None]:
        with hold_open(finder):
            yield

    @contextlib.contextmanager
    def forbid(self) -> Iterator[None]:
        self._forbidden = True
        for plugged in self.plugged:
            plugged.keyboard.denied = True
        yield
        for plugged in self.plugged:
            plugged.keyboard.denied = False
        self._forbidden = False

    def close(self) -> None:
        for plugged in self.plugged:
            plugged.unplug()


class VirtualPlugged:
    def __init__(self, bus: Bus, keyboard: Keyboard) -> None:
        self._bus = bus
        self.keyboard = keyboard

    def down(self, key: int) -> None:
        self.keyboard.key(key, DOWN)

    def up(self, key: int) -> None:
        self.keyboard.key(key, UP)

    def repeat(self, key: int) -> None:
        for _ in range(5):
            self.keyboard.key(key, AUTOREPEAT)

    def led(self, led: int) -> bool:
        return self.keyboard.led(led).on

    def unplug(self) -> None:
        self._bus.unplug(self.keyboard)


@contextlib.contextmanager
def hold_open(finder: NodeFinder) -> Iterator[None]:
    nodes: list[Node] = [finder.open(hardware, "elsewhere") for hardware in finder.nodes()]
    try:
        yield
    finally:
        for node in nodes:
            with contextlib.suppress(OSError):
                node.close()
        finder.close()


def make_bench() -> Bench:
    kind = os.environ.get("WELLHEARD_PANELS", "virtual")
    if kind == "virtual":
        return VirtualBench()
    if kind == "uhid":
        from tests.rig.uhid import UhidBench

        return UhidBench()
    raise OSError(errno.EINVAL, f"WELLHEARD_PANELS={kind}: 'virtual' or 'uhid'")
