"""The port of a store of points. What is written, and when, is decided by those who use it."""

from collections.abc import Sequence
from typing import Protocol

from hub.core.scope import Scope
from hub.core.timeseries.points import Level, Point, Span


class StoreUnavailable(Exception):
    """The store cannot be used now; what was asked of it can be asked again. The text says why, without secrets."""


class TimeSeries(Protocol):
    """A store of points. Any method may raise StoreUnavailable."""

    def write(self, level: Level, points: Sequence[Point]) -> int:
        """Store points; one with the series and time of another replaces it. How many were refused for good."""
        ...

    def read(
        self,
        scope: Scope,
        level: Level,
        span: Span,
        step_ms: int,
        devices: frozenset[str] | None = None,
    ) -> list[Point]:
        """The points of that level merged into stretches of `step_ms` counted from 1970, by series and time.

        Of all devices of the scope when `devices` is None.
        """
        ...

    def forget(self, now_ms: int) -> None:
        """Delete what is older than its level is kept, where the store does not do so by itself."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...
