"""What a button driver says and what a lamp is told: the port between hardware and agent.

Drivers report contacts and facts and decide nothing; whether a contact is a press, and what a press
means, is decided in `edge.buttons.presses` and by configuration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

FactKind = Literal[
    "connected",  # the panel is open and being read
    "unplugged",  # its hardware is not there
    "denied",  # the operating system refuses to open it; the detail names the remedy
    "busy",  # another process holds it exclusively
    "twins",  # two devices answer to the panel's key, so neither is read
    "unbound",  # a device that could be a panel and belongs to none; `panel` is its hardware key
    "dropped",  # the kernel lost events of this panel
    "stuck",  # a button has been down longer than a finger would hold it
    "mended",  # a stuck button came up again
    "failed",  # anything else that keeps the panel from being read
    "ended",  # a driver's thread has died: nothing of its kind is read any more
]


ALL_PANELS = "*"  # the panel of a fact about the terminal's panels as a whole


@dataclass(frozen=True, slots=True)
class Contact:
    """One edge of one button.

    `panel` is the logical name given by configuration, `button` counts from 1, `at_ns` is
    CLOCK_MONOTONIC in nanoseconds.
    """

    panel: str
    button: int
    down: bool
    at_ns: int


@dataclass(frozen=True, slots=True)
class PanelFact:
    """Something about a panel's health; `detail` is a sentence for the person who mends it."""

    panel: str
    kind: FactKind
    detail: str = ""


Sink = Callable[[Contact | PanelFact], None]


class ButtonDriver(Protocol):
    """Reports from its own thread until stopped; the sink must be cheap and must not raise."""

    def start(self, sink: Sink) -> None: ...

    def stop(self) -> None: ...


class Lamps(Protocol):
    """Signals to the person at the panel. A panel without a lamp is silently dark."""

    def thank(self, panel: str) -> None:
        """The answer is on disk. Lights before it returns."""
        ...

    def refuse(self, panel: str) -> None:
        """The answer was not recorded: a signal that cannot be taken for thanks."""
        ...

    def attention(self, on: bool) -> None:
        """Staff should look at this terminal."""
        ...
