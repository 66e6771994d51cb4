"""Pure translation of the kernel's `struct input_event` bytes into key changes.

Decides what is a change of a key (autorepeat and everything but EV_KEY is not), and how to go on
after SYN_DROPPED: ignore up to the next SYN_REPORT, then compare with the keys that are really down.
Source of the rules: the kernel's Documentation/input/event-codes.rst.
"""

import struct
from collections.abc import Callable

from edge.buttons.nodes import Change

EVENT = struct.Struct("@llHHi")  # struct timeval, type, code, value; native sizes are meant
EV_SYN, EV_KEY, EV_LED = 0x00, 0x01, 0x11
SYN_REPORT, SYN_DROPPED = 0, 3
UP, DOWN, AUTOREPEAT = 0, 1, 2


def pack(at_ns: int, kind: int, code: int, value: int) -> bytes:
    """One event as the kernel writes it; the stamp has microseconds."""
    seconds, rest = divmod(at_ns, 1_000_000_000)
    return EVENT.pack(seconds, rest // 1_000, kind, code, value)


class KeyEvents:
    """The state of one event node's stream.

    `active_keys` reads the keys that are down now from the device; `arrival` gives the time for
    changes that carry none of their own.
    """

    def __init__(self, active_keys: Callable[[], frozenset[int]], arrival: Callable[[], int]):
        self._active_keys = active_keys
        self._arrival = arrival
        self._down: set[int] = set(active_keys())
        self._dropping = False
        self.lost = 0

    @property
    def down(self) -> frozenset[int]:
        return frozenset(self._down)

    def feed(self, chunk: bytes, stamped: bool) -> list[Change]:
        """Changes in a chunk of whole events; unless `stamped`, they get the arrival time."""
        arrival = self._arrival()
        changes: list[Change] = []
        for seconds, micros, kind, code, value in EVENT.iter_unpack(chunk):
            if kind == EV_SYN:
                changes += self._synchronise(code, arrival)
            elif kind == EV_KEY and value != AUTOREPEAT and not self._dropping:
                at_ns = seconds * 1_000_000_000 + micros * 1_000 if stamped else arrival
                changes += self._key(code, value == DOWN, at_ns)
        return changes

    def _synchronise(self, code: int, arrival: int) -> list[Change]:
        if code == SYN_DROPPED:
            self._dropping = True
            self.lost += 1
        elif code == SYN_REPORT and self._dropping:
            self._dropping = False
            active = self._active_keys()
            differing = sorted(active ^ self._down)
            return [
                change for key in differing for change in self._key(key, key in active, arrival)
            ]
        return []

    def _key(self, code: int, down: bool, at_ns: int) -> list[Change]:
        if down == (code in self._down):
            return []
        (self._down.add if down else self._down.discard)(code)
        return [Change(code, down, at_ns)]
