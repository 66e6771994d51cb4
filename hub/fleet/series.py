"""What is measured over time of each terminal, from what it sends anyway; nothing of what a patient said.

Decides what a value is and at which time it counts. A batch of messages makes one row, whatever it holds; the rest is
done later by `hub.core.timeseries.recording`.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from contract.messages import ButtonPressed, HealthReported, PresenceCounted, SurveyAnswered
from contract.topics import DeviceAddress
from hub.core.arrivals import Arrival
from hub.core.timeseries.points import MINUTE_MS, Point, Series, observed
from hub.core.timeseries.recording import put_points
from hub.core.unit_of_work import UnitOfWork

PRESSES = "presses"
"""1 for each answer, by button or screen."""
LATENCY = "latency_ms"
"""From an answer until it is being stored; only of those said just now, at a known time."""
QUEUE_DEPTH = "queue_depth"
"""Messages that wait on a connected terminal."""
HEALTH = "health"
"""The place in STATUSES of a check's outcome."""
READING = "reading"
"""The number that a check found, in the check's own unit."""

APPROACHES = "approaches"
"""People who came near in the span that ended then."""
DWELL = "dwell_ms"
"""How long each of them stayed."""
LOOKED = "looked"
"""1 for each of them who looked at the screen, 0 for the others: the mean is the share."""

STATUSES = ("ok", "warning", "failure")
LARGEST = 1e15
"""Of a reading; a sum of larger ones might be beyond what a number can say."""

_ANSWERS = frozenset({ButtonPressed, SurveyAnswered})
_Minute = tuple[DeviceAddress, int, bool]
"""Where, which minute since 1970, and whether it is known how long it took."""


def note_arrivals(work: UnitOfWork, arrivals: list[Arrival[Any]]) -> None:
    """Have what these new messages tell measured."""
    delays: dict[_Minute, list[int]] = defaultdict(list)
    points: list[Point] = []
    for arrival in arrivals:
        kind = type(arrival.message)
        if kind in _ANSWERS:
            at = arrival.occurred_ms
            live = not arrival.delivery.retained and arrival.time_source != "uncertain"
            delays[arrival.address, at // MINUTE_MS, live].append(work.now_ms - at)
        elif kind is HealthReported:
            points += _health(arrival)
        elif kind is PresenceCounted:
            points += _presence(arrival)
    for minute, waited in delays.items():
        points += _answers(minute, waited)
    put_points(work, points)


def note_pending(work: UnitOfWork, address: DeviceAddress, pending: int) -> None:
    """Have measured how many messages wait on a connected terminal."""
    put_points(work, [observed(_series(QUEUE_DEPTH, address), work.now_ms, [pending])])


def _answers(minute: _Minute, waited: list[int]) -> Iterator[Point]:
    address, number, live = minute
    at_ms = number * MINUTE_MS
    count = len(waited)
    yield Point(_series(PRESSES, address), at_ms, count, count, 1, 1)
    if live:
        yield observed(_series(LATENCY, address), at_ms, [max(0, delay) for delay in waited])


def _health(arrival: Arrival[HealthReported]) -> Iterator[Point]:
    report, at_ms = arrival.message, arrival.occurred_ms
    status = STATUSES.index(report.status)
    yield observed(_series(HEALTH, arrival.address, report.check), at_ms, [status])
    if report.value is not None:
        reading = max(-LARGEST, min(LARGEST, float(report.value)))
        yield observed(_series(READING, arrival.address, report.check), at_ms, [reading])


def _presence(arrival: Arrival[PresenceCounted]) -> Iterator[Point]:
    """Of those who came together only the mean is known."""
    said, at_ms = arrival.message, arrival.occurred_ms
    near, looked = (min(int(LARGEST), count) for count in (said.approaches, said.looked))
    yield observed(_series(APPROACHES, arrival.address), at_ms, [near])
    if near:
        stayed = min(LARGEST, said.dwell_ms)
        mean = stayed / near
        yield Point(_series(DWELL, arrival.address), at_ms, near, stayed, mean, mean)
        least, most = float(looked >= near), float(looked > 0)
        yield Point(_series(LOOKED, arrival.address), at_ms, near, looked, least, most)


def _series(measurement: str, address: DeviceAddress, part: str = "") -> Series:
    return Series(measurement, address.organisation, address.facility, address.device, part)
