"""Lamps, buzzers and pins that can be watched: what a person at a virtual terminal sees and hears."""

import time
from collections import deque

from gpiozero.pins.mock import MockFactory, MockPin

_REMEMBERED_EDGES = 256


class Output:
    """A lamp or buzzer that can be watched: its state, how often it rose, and its latest edges."""

    def __init__(self) -> None:
        self.on = False
        self.rises = 0
        self.edges: deque[tuple[int, bool]] = deque(maxlen=_REMEMBERED_EDGES)  # monotonic ns, on

    def set(self, on: bool) -> None:
        if on != self.on:
            self.edges.append((time.monotonic_ns(), on))
            self.on = on
            self.rises += on


class WatchedPin(MockPin):  # type: ignore[misc]
    """A mock pin whose record of changes is bounded and stamped."""

    def __init__(self, factory: MockFactory, info: object) -> None:
        self.output = Output()
        super().__init__(factory, info)

    def _change_state(self, value: bool) -> bool:
        changed = bool(super()._change_state(value))
        del self.states[:-1]  # MockPin would keep them all
        if self.function == "output":
            self.output.set(bool(value))
        return changed
