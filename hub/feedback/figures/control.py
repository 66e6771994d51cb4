"""Pure: control charts: which points of a series differ from the others by more than chance.

Decides centre line, limits and which points stand out. Which points may be shown at all is decided in `publishing`;
those that may not are None here, and count for nothing.

The limits are Laney's (Improved Control Charts for Attributes, Quality Engineering 14, 2002): each point's own
sampling error, times how much more neighbouring points differ than sampling explains. For shares that is his p′ chart,
for a difference of two shares the same with the variance of a difference; for counts of a constant span his u′ chart,
which is the individuals chart (XmR). The limits are never narrower than chance alone makes them, as in Shewhart's p and
c charts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from math import inf, sqrt
from statistics import median
from typing import NamedTuple

FEWEST_POINTS = 10
"""Fewer say nothing about how much points differ as a rule."""
LONG_RUN = 8
"""In a row on one side, as in the last of the Western Electric rules (1956). One side of the median, for a single point
far outside moves the average so much that all others would be a run."""

_SIGMAS = 3.0
_D2 = 1.128  # how far two values of a normal distribution lie apart on average, in standard deviations
_D4 = 3.267  # a moving range beyond this many average ones is an upheaval, and no measure of the usual


class Signal(StrEnum):
    """Why a point deserves somebody's attention."""

    OUTSIDE = "outside"  # the limits
    RUN = "run"  # one of many in a row on one side of the median


class Counted(NamedTuple):
    """What a difference of shares is made of at one point; for a share nothing is unfavourable."""

    favourable: int
    unfavourable: int
    base: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One point, and the limits that belong to it."""

    lower: float
    upper: float
    signal: Signal | None


@dataclass(frozen=True, slots=True)
class ControlChart:
    """`points` has one for each given, None where there is a gap."""

    centre: float
    points: list[Judged | None]


def chart_of_differences(points: Sequence[Counted | None]) -> ControlChart | None:
    """Of 100 · (favourable − unfavourable) / base, in points; None where there are too few to judge."""
    known = [point for point in points if point is not None and point.base > 0]
    base = sum(point.base for point in known)
    if len(known) < FEWEST_POINTS:
        return None
    favourable = sum(point.favourable for point in known) / base
    unfavourable = sum(point.unfavourable for point in known) / base
    centre = favourable - unfavourable
    of_one = sqrt(max(0.0, favourable + unfavourable - centre**2))
    values = [_difference(point) for point in points]
    errors = [100 * of_one / sqrt(p.base) if p and p.base else 0.0 for p in points]
    lowest = -100.0 if any(point.unfavourable for point in known) else 0.0
    return _chart(values, errors, 100 * centre, (lowest, 100.0))


def chart_of_counts(counts: Sequence[int | None]) -> ControlChart | None:
    """Of how many there were in spans of one length; None where there are too few to judge."""
    known = [count for count in counts if count is not None]
    if len(known) < FEWEST_POINTS:
        return None
    centre = sum(known) / len(known)
    values = [None if count is None else float(count) for count in counts]
    return _chart(values, [sqrt(centre)] * len(values), centre, (0.0, inf))


def usual_spread(values: Sequence[float]) -> float:
    """The standard deviation of neighbours, by their average moving range; upheavals are left out once."""
    ranges = [abs(after - before) for before, after in pairwise(values)]
    if not ranges:
        return 0.0
    most = _D4 * sum(ranges) / len(ranges)
    usual = [one for one in ranges if one <= most]
    return sum(usual) / len(usual) / _D2


def long_runs(sides: Iterable[float]) -> list[bool]:
    """Which belong to a long run of one sign; a zero is on no side, and neither ends a run nor belongs to it."""
    signs = [(side > 0) - (side < 0) for side in sides]
    found = [False] * len(signs)
    placed = [(place, sign) for place, sign in enumerate(signs) if sign]
    for _sign, run in groupby(placed, key=lambda one: one[1]):
        places = [place for place, _ in run]
        for place in places if len(places) >= LONG_RUN else ():
            found[place] = True
    return found


def _chart(
    values: Sequence[float | None],
    errors: Sequence[float],
    centre: float,
    possible: tuple[float, float],
) -> ControlChart:
    shown = [place for place, value in enumerate(values) if value is not None]
    off = [(values[place] or 0.0) - centre for place in shown]
    scores = [d / errors[place] for d, place in zip(off, shown, strict=True) if errors[place]]
    reach = _SIGMAS * max(1.0, usual_spread(scores))
    middle = median(off)
    runs = long_runs(distance - middle for distance in off)
    judged: list[Judged | None] = [None] * len(values)
    for place, distance, in_run in zip(shown, off, runs, strict=True):
        width = reach * errors[place]
        lower, upper = max(possible[0], centre - width), min(possible[1], centre + width)
        signal = Signal.RUN if in_run else None
        if not lower <= centre + distance <= upper:
            signal = Signal.OUTSIDE
        judged[place] = Judged(lower, upper, signal)
    return ControlChart(centre, judged)


def _difference(point: Counted | None) -> float | None:
    if point is None or not point.base:
        return None
    return 100 * (point.favourable - point.unfavourable) / point.base
