"""Pure: what a point is, and how long each level of detail is kept.

A point sums up one stretch of time: how many values there were, their total, the least and the most. So points of
all levels have one form, any number of them can be merged, and a mean is the total by the count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MINUTE_MS = 60_000
DAY_MS = 24 * 3600 * 1000


class Series(NamedTuple):
    """What is measured, and on what. `part` tells series of one device apart; "" where there is one.

    None of it may ever name or reach a person: these become the tags of a database outside the hub.
    """

    measurement: str
    organisation: str
    facility: str
    device: str
    part: str = ""


class Point(NamedTuple):
    """The values of a series in the stretch that began at `at_ms`."""

    series: Series
    at_ms: int
    n: int
    """How many values there were."""
    total: float
    least: float
    most: float

    @property
    def mean(self) -> float:
        """Of the values."""
        return self.total / self.n


def observed(series: Series, at_ms: int, values: Sequence[float]) -> Point:
    """The point of some values, at least one."""
    return Point(series, at_ms, len(values), float(sum(values)), min(values), max(values))


def merged(at_ms: int, points: Iterable[Point]) -> Point:
    """One point for several of the same series, at least one."""
    series, _, ns, totals, leasts, mosts = zip(*points, strict=True)
    return Point(series[0], at_ms, sum(ns), sum(totals), min(leasts), max(mosts))


@dataclass(frozen=True, slots=True)
class Level:
    """How finely points are kept, and for how long."""

    name: str
    step_ms: int
    kept_ms: int


LEVELS = (
    Level("1m", MINUTE_MS, 14 * DAY_MS),
    Level("15m", 15 * MINUTE_MS, 92 * DAY_MS),
    Level("1h", 60 * MINUTE_MS, 400 * DAY_MS),
    Level("1d", DAY_MS, 3660 * DAY_MS),
)
"""From fine to coarse; each step is a multiple of the one before. Days are those of UTC."""
FINEST = LEVELS[0]


@dataclass(frozen=True, slots=True)
class Span:
    """From `since_ms` until just before `until_ms`."""

    since_ms: int
    until_ms: int
