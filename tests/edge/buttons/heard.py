"""A sink that waits: what a driver says, in order, with deadlines instead of sleeps."""

import queue
import time
from collections.abc import Callable

from edge.buttons.port import Contact, PanelFact

PATIENCE_S = 30.0  # an emulated machine is slow; nothing waits this long when it works


class Heard:
    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Contact | PanelFact] = queue.SimpleQueue()
        self.all: list[Contact | PanelFact] = []

    def __call__(self, said: Contact | PanelFact) -> None:
        self._queue.put(said)

    def until(self, wanted: Callable[[Contact | PanelFact], bool]) -> Contact | PanelFact:
        """The next thing said that is wanted; everything before it goes to `all` as well."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                said = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"not said in {PATIENCE_S} s; heard {self.all}") from None
            self.all.append(said)
            if wanted(said):
                return said

    def listen(self) -> None:
        """Move what has been said by now to `all`."""
        while not self._queue.empty():
            self.all.append(self._queue.get())

    def fact(self, panel: str, kind: str) -> PanelFact:
        said = self.until(lambda s: isinstance(s, PanelFact) and (s.panel, s.kind) == (panel, kind))
        assert isinstance(said, PanelFact)
        return said

    def contact(self, panel: str, button: int, down: bool) -> Contact:
        said = self.until(
            lambda s: (
                isinstance(s, Contact) and (s.panel, s.button, s.down) == (panel, button, down)
            )
        )
        assert isinstance(said, Contact)
        return said

    def presses(self) -> list[tuple[str, int]]:
        """Panel and button of every down edge heard so far."""
        return [(s.panel, s.button) for s in self.all if isinstance(s, Contact) and s.down]
