"""Coarser points from finer ones, the same way on every store.

Decides what must be summed up anew when points came: the stretches that they fall into. A stretch is always summed
up whole, so doing it again, or after late points, gives what is right.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from hub.core.scope import Scope
from hub.core.timeseries.points import LEVELS, Point, Span
from hub.core.timeseries.store import Query, TimeSeries

MOST_SPANS = 20
"""More of them, as when a terminal was away for days, become one: so many questions would take too long."""
ASKED_DEVICES = 50
"""With more of them a question is about all devices: it would be too long otherwise."""


def downsample(store: TimeSeries, points: Iterable[Point]) -> None:
    """Bring all coarser levels up to date after these points of the finest were written."""
    times: dict[str, set[int]] = defaultdict(set)
    devices: dict[str, set[str]] = defaultdict(set)
    for point in points:
        times[point.series.organisation].add(point.at_ms)
        devices[point.series.organisation].add(point.series.device)
    for finer, coarser in pairwise(LEVELS):
        for organisation, at in times.items():
            few = len(devices[organisation]) <= ASKED_DEVICES
            asked = frozenset(devices[organisation]) if few else None
            for span in few_spans(at, coarser.step_ms):
                found = store.read(Query(Scope(organisation), finer, span, coarser.step_ms, asked))
                store.write(coarser, found)


def few_spans(times: Iterable[int], step_ms: int) -> list[Span]:
    """What must be read to sum up the stretches that hold these times, and perhaps what lies between."""
    spans = list(stretches(times, step_ms))
    if len(spans) > MOST_SPANS:
        return [Span(spans[0].since_ms, spans[-1].until_ms)]
    return spans


def stretches(times: Iterable[int], step_ms: int) -> Iterator[Span]:
    """The stretches of `step_ms` that hold these times, adjacent ones as one."""
    begun = {at - at % step_ms for at in times}
    since = 0
    for start in sorted(begun):
        if start - step_ms not in begun:
            since = start
        if start + step_ms not in begun:
            yield Span(since, start + step_ms)
