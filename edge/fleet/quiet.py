"""Whether anybody is being heard at the terminal: what restarts, is updated or is photographed waits for quiet."""

from collections.abc import Callable

from edge.clock import Clock

QUIET_S = 5.0
"""So long after the last press or touch nobody is expected to go on."""


class Quiet:
    """Knows the last press and whether somebody is at the screen. From any thread."""

    def __init__(self, clock: Clock, is_screen_free: Callable[[], bool]) -> None:
        self._clock = clock
        self._is_screen_free = is_screen_free
        self._disturbed_ns: int | None = None

    def disturb(self) -> None:
        """A button was pressed."""
        self._disturbed_ns = self._clock.monotonic_ns()

    def seconds(self) -> float:
        """For how long nobody has been there: 0 with somebody at the screen, infinite when nobody has ever been."""
        if not self._is_screen_free():
            self.disturb()
        if self._disturbed_ns is None:
            return float("inf")
        return (self._clock.monotonic_ns() - self._disturbed_ns) / 1e9
