"""The port of a store of points. What is written, and when, is decided by those who use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.core.scope import Scope
from hub.core.timeseries.points import Level, Point, Span


@dataclass(frozen=True, slots=True)
class Query:
    """Which points are asked for. Stretches of `step_ms` are counted from 1970."""

    scope: Scope
    level: Level
    span: Span
    step_ms: int
    devices: frozenset[str] | None = None
    """None: all of the scope."""


class StoreUnavailable(Exception):
    """The store cannot be used now; what was asked of it can be asked again. The text says why, without secrets."""


class TimeSeries(Protocol):
    """A store of points. Any method may raise StoreUnavailable."""

    def write(self, level: Level, points: Sequence[Point]) -> int:
        """Store points; one with the series and time of another replaces it. How many were refused for good."""
        ...

    def read(self, query: Query) -> list[Point]:
        """The points of the query's level merged into its stretches, by series and time."""
        ...

    def forget(self, now_ms: int) -> None:
        """Delete what is older than its level is kept, where the store does not do so by itself."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...
