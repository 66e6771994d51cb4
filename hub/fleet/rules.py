"""Pure: which sequence numbers are accounted for, and when a message really happened.

Both follow from what the terminal promises: numbers without a gap within an epoch, and an uptime that is always right.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

Ranges = tuple[tuple[int, int], ...]

LIVE_TOLERANCE_MS = 120_000
"""How far a synchronised terminal's clock may stand from the hub's before the hub's is believed."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The numbers accounted for: 1 to `contiguous`, and the ranges `beyond`, ascending, disjoint, not adjacent."""

    contiguous: int = 0
    beyond: Ranges = ()

    def covers(self, number: int) -> bool:
        """Whether this number has been accounted for."""
        if number <= self.contiguous:
            return True
        return any(first <= number <= last for first, last in self.beyond)

    def with_range(self, first: int, last: int) -> "Coverage":
        """With `first` to `last` (both included) accounted for as well."""
        if first > last or last <= self.contiguous:
            return self
        if first <= self.contiguous + 1 and not self.beyond:
            return Coverage(last)
        return _joined(self.contiguous, [*self.beyond, (first, last)])

    def with_numbers(self, numbers: Iterable[int]) -> "Coverage":
        """With each of the numbers accounted for as well."""
        ascending = sorted(set(numbers))
        if ascending and ascending[-1] - ascending[0] + 1 == len(ascending):
            return self.with_range(ascending[0], ascending[-1])
        coverage = self
        for first, last in _runs(ascending):
            coverage = coverage.with_range(first, last)
        return coverage

    def missing(self, highest: int) -> Ranges:
        """The ranges up to `highest` that are not accounted for."""
        gaps = []
        after = self.contiguous
        for first, last in self.beyond:
            gaps.append((after + 1, first - 1))
            after = last
        if highest > after:
            gaps.append((after + 1, highest))
        return tuple(gaps)

    def count(self) -> int:
        """How many numbers are accounted for."""
        return self.contiguous + sum(last - first + 1 for first, last in self.beyond)

    def top(self) -> int:
        """The highest number accounted for."""
        return self.beyond[-1][1] if self.beyond else self.contiguous


def ranges_of(text: str) -> Ranges:
    """Ranges as a ledger row keeps them: a JSON list of pairs."""
    return tuple((first, last) for first, last in json.loads(text))


def _runs(ascending: list[int]) -> Iterable[tuple[int, int]]:
    start = previous = None
    for number in ascending:
        if start is None or previous is None:
            start = previous = number
        elif number <= previous + 1:
            previous = number
        else:
            yield start, previous
            start = previous = number
    if start is not None and previous is not None:
        yield start, previous


def _joined(contiguous: int, ranges: list[tuple[int, int]]) -> Coverage:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if first <= contiguous + 1:
            contiguous = max(contiguous, last)
        elif merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return Coverage(contiguous, tuple(merged))


@dataclass(frozen=True, slots=True)
class BootOffsets:
    """What is known of wall time in one boot, as wall − uptime in milliseconds."""

    hub_ms: int | None = None
    device_ms: int | None = None


class Moment(NamedTuple):
    """When something happened, and on whose word: `device`, `hub`, `anchor` or `uncertain`."""

    at_ms: int
    source: str


def moment(
    wall_ms: int, uptime_ms: int, synchronised: bool, boot: BootOffsets, received_ms: int
) -> Moment:
    """The corrected time of a message.

    A synchronised wall clock is believed unless the hub itself saw this boot and disagrees. Without one, uptime is
    laid on what is known of the boot. A boot of which nothing is known cannot be placed: the message is given the
    time of its arrival, which it certainly precedes, and is marked `uncertain`.
    """
    if boot.hub_ms is not None:
        by_hub = uptime_ms + boot.hub_ms
        if synchronised and abs(wall_ms - by_hub) <= LIVE_TOLERANCE_MS:
            return Moment(wall_ms, "device")
        return Moment(by_hub, "hub")
    if synchronised:
        stepped = (
            boot.device_ms is not None and wall_ms < uptime_ms + boot.device_ms - LIVE_TOLERANCE_MS
        )
        if not stepped and wall_ms <= received_ms + LIVE_TOLERANCE_MS:
            return Moment(wall_ms, "device")
    if boot.device_ms is not None and uptime_ms + boot.device_ms <= received_ms + LIVE_TOLERANCE_MS:
        return Moment(uptime_ms + boot.device_ms, "anchor")
    return Moment(received_ms, "uncertain")
