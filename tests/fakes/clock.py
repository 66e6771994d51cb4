"""A clock that stands still until a test moves it."""

NOON_MS = 1_750_000_000_000 - 1_750_000_000_000 % 86_400_000 + 43_200_000


class HeldClock:
    """Fits both `hub.core.clock.Clock` and whatever else asks only for `now_ms`."""

    def __init__(self, now_ms: int = NOON_MS) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        return self._now_ms

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, ms: int = 0) -> None:
        self._now_ms += int(((days * 24 + hours) * 60 + minutes) * 60_000) + ms
