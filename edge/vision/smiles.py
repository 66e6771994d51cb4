"""Pure: how many of the people who came smiled. Decides when a person's smile is decided, and forgets the person then.

While somebody is before the camera a mean of a few readings is kept; when they have gone it is one more in a sum. No
sum of fewer than ten people can be taken out.
"""

from collections.abc import Set
from dataclasses import dataclass

from contract.messages.observations import LEAST_PEOPLE

LEAST_READINGS, MOST_READINGS = 3, 12
SMILING = 0.5


@dataclass(slots=True)
class SmileSums:
    """Of people who went between two moments of the monotonic clock."""

    people: int = 0
    smiling: int = 0
    sureness: float = 0.0
    first_ns: int = 0
    last_ns: int = 0

    @property
    def confidence(self) -> float:
        """In the mean of the people: from 0.5, a toss, to 1."""
        return self.sureness / self.people


class Smiles:
    """One camera's."""

    def __init__(self) -> None:
        self._readings: dict[int, list[float]] = {}
        self._sums = SmileSums()

    def wants(self, track: int) -> bool:
        """Whether one more reading of this person would say more."""
        return len(self._readings.get(track, ())) < MOST_READINGS

    def add(self, track: int, smile: float) -> None:
        """One reading, 0 to 1."""
        self._readings.setdefault(track, []).append(smile)

    def settle(self, living: Set[int], at_ns: int) -> None:
        """Whoever has gone becomes one of many; too few readings say nothing."""
        for track in self._readings.keys() - living:
            readings = self._readings.pop(track)
            if len(readings) >= LEAST_READINGS:
                self._count(sum(readings) / len(readings), at_ns)

    def take(self) -> SmileSums | None:
        """The sums since they were taken last; None, and they are gone, if they are of fewer than ten people."""
        taken, self._sums = self._sums, SmileSums()
        return taken if taken.people >= LEAST_PEOPLE else None

    def _count(self, smile: float, at_ns: int) -> None:
        sums = self._sums
        if sums.people == 0:
            sums.first_ns = at_ns
        sums.last_ns = at_ns
        sums.people += 1
        sums.smiling += smile >= SMILING
        sums.sureness += max(smile, 1 - smile)
