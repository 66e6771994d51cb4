"""Pure: which messages may be on their way, and when to send again.

Oldest first. At most `size` messages are unconfirmed at any time, which is what keeps a terminal that was away for
a week from drowning the hub: the window opens only as the hub confirms.
"""

SIZE = 200
FIRST_PATIENCE_S = 5.0
LONGEST_PATIENCE_S = 300.0


class Window:
    """The positions sent and not yet confirmed, and how long to wait for the confirmation."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._sent_s: dict[int, float] = {}  # the oldest first
        self._patience_s = FIRST_PATIENCE_S
        self.cursor = 0
        """The position behind which nothing has been sent yet."""

    @property
    def room(self) -> int:
        """How many more may be sent now."""
        return self._size - len(self._sent_s)

    @property
    def is_empty(self) -> bool:
        """Whether everything sent has been confirmed."""
        return not self._sent_s

    def sent(self, positions: list[int], now_s: float) -> None:
        """These were handed to the broker's connection."""
        self._sent_s.update(dict.fromkeys(positions, now_s))
        self.cursor = max([self.cursor, *positions])

    def confirmed(self, positions: list[int]) -> None:
        """The hub has these."""
        under_way = len(self._sent_s)
        for position in positions:
            self._sent_s.pop(position, None)
        if len(self._sent_s) < under_way:
            self._patience_s = FIRST_PATIENCE_S

    def rewind(self) -> None:
        """Begin again with the oldest: on a new connection, or a hub that has started anew."""
        self._sent_s.clear()
        self.cursor = 0

    def begin_anew(self) -> None:
        """As `rewind`, and with the first patience: the hub listens again to what it had refused."""
        self.rewind()
        self._patience_s = FIRST_PATIENCE_S

    def overdue(self, now_s: float) -> bool:
        """Whether the oldest has been waited for long enough; without progress, each time twice as long."""
        if not self._sent_s or now_s - next(iter(self._sent_s.values())) < self._patience_s:
            return False
        self._patience_s = min(LONGEST_PATIENCE_S, self._patience_s * 2)
        return True
