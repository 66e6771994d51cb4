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
        self._under_way: set[int] = set()
        self._patience_s = FIRST_PATIENCE_S
        self._waiting_since: float | None = None
        self.cursor = 0
        """The position behind which nothing has been sent yet."""

    @property
    def room(self) -> int:
        """How many more may be sent now."""
        return self._size - len(self._under_way)

    @property
    def is_empty(self) -> bool:
        """Whether everything sent has been confirmed."""
        return not self._under_way

    def sent(self, positions: list[int], now_s: float) -> None:
        """These were handed to the broker's connection."""
        if positions:
            self._under_way.update(positions)
            self.cursor = max(self.cursor, *positions)
            if self._waiting_since is None:
                self._waiting_since = now_s

    def confirmed(self, positions: list[int], now_s: float) -> None:
        """The hub has these."""
        self._under_way.difference_update(positions)
        self._patience_s = FIRST_PATIENCE_S
        self._waiting_since = now_s if self._under_way else None

    def rewind(self) -> None:
        """Begin again with the oldest: on a new connection, or a hub that has started anew."""
        self._under_way.clear()
        self._waiting_since = None
        self.cursor = 0

    def overdue(self, now_s: float) -> bool:
        """Whether the confirmation has been waited for long enough; each time twice as long."""
        if self._waiting_since is None or now_s - self._waiting_since < self._patience_s:
            return False
        self._patience_s = min(LONGEST_PATIENCE_S, self._patience_s * 2)
        return True
