"""The lowest level a panel of any plug-in kind is read through: device nodes and how they are found.

Implemented for the kernel's nodes by `usb`, `hidraw` and `serial`, and by `virtual` for simulation.
A node translates its own bytes into changes of codes; which button a code is, is configuration.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hardware:
    """One device node as the operating system describes it before it is opened.

    `port` names the socket and is the same for every node of one physical device.
    """

    path: str
    serial: str | None
    port: str
    name: str
    model: str  # "vendor:product" in four hexadecimal digits each

    @property
    def key(self) -> str:
        return f"serial {self.serial}" if self.serial else f"port {self.port}"


@dataclass(frozen=True, slots=True)
class Change:
    """A code went down or up at `at_ns` (CLOCK_MONOTONIC)."""

    code: int
    down: bool
    at_ns: int


class Node(Protocol):
    """An open device node. Every method may raise OSError; ENODEV means unplugged."""

    def fileno(self) -> int: ...

    def held(self) -> frozenset[int]:
        """Codes that are down now, as far as the kind of node can tell."""
        ...

    def changes(self) -> Sequence[Change]:
        """What happened since the last call; called when the descriptor is readable."""
        ...

    def lost_events(self) -> int:
        """How often the kernel reported lost events since the last call."""
        ...

    def set_led(self, led: int, on: bool) -> None: ...

    def close(self) -> None: ...


class NodeFinder(Protocol):
    """Finds and opens nodes of one kind."""

    def fileno(self) -> int:
        """Readable when something was plugged in or out."""
        ...

    def drain(self) -> None:
        """Forget the notifications received so far."""
        ...

    def nodes(self) -> Sequence[Hardware]: ...

    def open(self, hardware: Hardware, panel: str) -> Node:
        """Open for `panel`; PermissionError when refused, OSError EBUSY when held by another."""
        ...

    def close(self) -> None: ...
