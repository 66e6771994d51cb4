"""What is measured over time of each terminal, from what it sends anyway; nothing of what a patient said.

| measurement | of each | a value is | at |
|---|---|---|---|
| `presses` | answer by button or screen | 1 | the moment of the answer |
| `latency_ms` | the same | milliseconds from the answer until it is being stored | the same |
| `queue_depth` | live `state` | messages waiting on the terminal | its arrival |
| `health` | report of a check (`part`) | 0 ok, 1 warning, 2 failure | the moment of the report |
| `reading` | report with a number (`part`) | that number, in the check's unit | the same |

A batch of messages makes one row, whatever it holds; the rest is done later by `hub.core.timeseries.recording`.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from contract.messages import ButtonPressed, HealthReported, SurveyAnswered
from contract.topics import DeviceAddress
from hub.core.arrivals import Arrival
from hub.core.timeseries.points import MINUTE_MS, Point, Series, observed
from hub.core.timeseries.recording import put_points
from hub.core.unit_of_work import UnitOfWork

PRESSES = "presses"
LATENCY = "latency_ms"
QUEUE_DEPTH = "queue_depth"
HEALTH = "health"
READING = "reading"

STATUSES = ("ok", "warning", "failure")
"""In the order of their values."""
LARGEST = 1e15
"""Of a reading; a sum of larger ones might be beyond what a number can say."""

_ANSWERS = frozenset({ButtonPressed, SurveyAnswered})
_Minute = tuple[DeviceAddress, int, bool]
"""Where, which minute since 1970, and whether its time is certain."""


def note_arrivals(work: UnitOfWork, arrivals: list[Arrival[Any]]) -> None:
    """Have what these new messages tell measured."""
    delays: dict[_Minute, list[int]] = defaultdict(list)
    points: list[Point] = []
    for arrival in arrivals:
        kind = type(arrival.message)
        if kind in _ANSWERS:
            at = arrival.occurred_ms
            certain = arrival.time_source != "uncertain"
            delays[arrival.address, at // MINUTE_MS, certain].append(work.now_ms - at)
        elif kind is HealthReported:
            points += _health(arrival)
    for minute, waited in delays.items():
        points += _answers(minute, waited)
    put_points(work, points)


def note_pending(work: UnitOfWork, address: DeviceAddress, pending: int) -> None:
    """Have measured how many messages wait on a connected terminal."""
    put_points(work, [observed(_series(QUEUE_DEPTH, address), work.now_ms, [pending])])


def _answers(minute: _Minute, waited: list[int]) -> Iterator[Point]:
    address, number, certain = minute
    at_ms = number * MINUTE_MS
    count = len(waited)
    yield Point(_series(PRESSES, address), at_ms, count, count, 1, 1)
    if certain:
        yield observed(_series(LATENCY, address), at_ms, [max(0, delay) for delay in waited])


def _health(arrival: Arrival[HealthReported]) -> Iterator[Point]:
    report, at_ms = arrival.message, arrival.occurred_ms
    status = STATUSES.index(report.status)
    yield observed(_series(HEALTH, arrival.address, report.check), at_ms, [status])
    if report.value is not None:
        reading = max(-LARGEST, min(LARGEST, float(report.value)))
        yield observed(_series(READING, arrival.address, report.check), at_ms, [reading])


def _series(measurement: str, address: DeviceAddress, part: str = "") -> Series:
    return Series(measurement, address.organisation, address.facility, address.device, part)
