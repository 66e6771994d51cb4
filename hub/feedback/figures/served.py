"""Pure: how many clients were served, when several sources say so day by day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hub.feedback.figures.origin import BaseSource, best_source, worst_source

Word = tuple[date, BaseSource, int]
"""On that day, by that source, so many."""


@dataclass(frozen=True, slots=True)
class ServedBase:
    """What is believed of each day that anything is known of, with the source that said so."""

    days: dict[date, tuple[int, BaseSource]]

    @property
    def count(self) -> int:
        return sum(count for count, _ in self.days.values())

    @property
    def source(self) -> BaseSource | None:
        """The worst of the sources in use, for the sum is no better; None where nothing is known."""
        return worst_source(source for _, source in self.days.values())


def believed(words: Iterable[Word]) -> ServedBase:
    """Of each day the word of its best source."""
    by_day: dict[date, dict[BaseSource, int]] = defaultdict(dict)
    for day, source, count in words:
        by_day[day][source] = count
    days = {}
    for day, told in by_day.items():
        best = best_source(told)
        if best is not None:
            days[day] = (told[best], best)
    return ServedBase(days)
