"""Pure: from counted answers to each of the figures that a page can ask for.

Decides which answers' codes mean what, and that a figure on a base of clients served is made of those days alone of
which the base is known. How a figure is computed is decided by its own module.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from hub.feedback.figures import loyalty as loyalties
from hub.feedback.figures.attraction import attraction, attraction_of_answers
from hub.feedback.figures.figure import Base, Figure
from hub.feedback.figures.loyalty import LoyaltyRule
from hub.feedback.figures.nps import Category, categories, nps_of_counts
from hub.feedback.figures.origin import BaseSource, Collection, Origin, Period, worst_source
from hub.feedback.figures.publishing import Standing, standing
from hub.feedback.figures.rates import participation, terminal_response
from hub.feedback.figures.served import ServedBase

POSITIVE = frozenset({"positive", "very_good", "good", "yes"})
NEGATIVE = frozenset({"negative", "very_bad", "bad", "no"})
"""Answers by what they mean for the index of loyalty; all others are neutral."""

_SCORES = {str(score): score for score in range(11)}

Days = Mapping[date, "Tally"]


@dataclass(slots=True)
class Tally:
    """How often each value was given to one question; `flagged` answers are not among them."""

    values: Counter[str] = field(default_factory=Counter)
    flagged: int = 0

    @property
    def count(self) -> int:
        return self.values.total()

    def take(self, value: str, count: int, *, flagged: bool) -> None:
        """Count some more answers."""
        if flagged:
            self.flagged += count
        else:
            self.values[value] += count

    def take_back(self, other: "Tally") -> None:
        """Count what another tally counts, and this one too, no more."""
        self.values.subtract(other.values)
        self.flagged -= other.flagged

    def of(self, meaning: frozenset[str]) -> int:
        """How many answers are one of these."""
        return sum(self.values[value] for value in meaning)


def added(tallies: Iterable[Tally]) -> Tally:
    """Tallies of one question together."""
    values: Counter[str] = Counter()
    flagged = 0
    for tally in tallies:
        values.update(tally.values)
        flagged += tally.flagged
    return Tally(values, flagged)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a tally and of the number of clients served, which only some need.

    `poles` are the answers in favour and those against; their difference, or sum, is what is divided by the base.
    """

    of: Callable[[Tally, int], Figure]
    poles: Callable[[Tally], tuple[int, int]]
    needs_base: bool


def loyalty_by(rule: LoyaltyRule) -> Measure:
    """The index of loyalty as a facility counts it."""

    def of(tally: Tally, served: int) -> Figure:
        positive, negative = _felt(tally)
        neutral = tally.count - positive - negative
        return loyalties.loyalty(positive, negative, served, neutral=neutral, rule=rule)

    return Measure(of, _felt, needs_base=rule.base_of is Base.SERVED)


def _felt(tally: Tally) -> tuple[int, int]:
    return tally.of(POSITIVE), tally.of(NEGATIVE)


def _nps(tally: Tally, _served: int) -> Figure:
    return nps_of_counts({score: tally.values[text] for text, score in _SCORES.items()})


def _promoted(tally: Tally) -> tuple[int, int]:
    by = categories({score: tally.values[text] for text, score in _SCORES.items()})
    return by[Category.PROMOTER], by[Category.DETRACTOR]


def _recommended(tally: Tally) -> tuple[int, int, int]:
    return tally.values["yes"], tally.values["no"], tally.values["hard_to_say"]


def _answered(tally: Tally) -> tuple[int, int]:
    return tally.count, 0


def _yes_and_no(tally: Tally) -> tuple[int, int]:
    return _recommended(tally)[:2]


NPS = Measure(_nps, _promoted, needs_base=False)
ATTRACTION = Measure(
    lambda tally, n: attraction(*_recommended(tally), n), _yes_and_no, needs_base=True
)
ATTRACTION_OF_ANSWERS = Measure(
    lambda tally, _: attraction_of_answers(*_recommended(tally)), _yes_and_no, needs_base=False
)
LOYALTY = loyalty_by(loyalties.USUAL)
ENGAGEMENT = Measure(
    lambda tally, n: loyalties.engagement(tally.count, n), _answered, needs_base=True
)
PARTICIPATION = Measure(lambda tally, n: participation(tally.count, n), _answered, needs_base=True)
RESPONSE = Measure(lambda tally, n: terminal_response(tally.count, n), _answered, needs_base=True)
"""Its base is people who came near a terminal, which no one says day by day."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure, and how much of it may be shown.

    `without_base` answers were given on days of which nobody has said how many were served: they are not in it.
    `tally` is the answers that are.
    """

    figure: Figure
    standing: Standing
    without_base: int = 0
    tally: Tally = field(default_factory=Tally)


def shown(
    figure: Figure, origin: Origin, without_base: int = 0, tally: Tally | None = None
) -> Shown:
    """The figure with its origin."""
    return Shown(figure.from_origin(origin), standing(figure), without_base, tally or Tally())


def measured(
    measure: Measure,
    question: str,
    period: Period,
    parts: Iterable[tuple[Days, ServedBase]],
) -> Shown:
    """The figure of one or several facilities (or people, or places) together, each with a base of its own.

    For a measure with a base the tallies are daily; for others one may stand for any number of days.
    """
    used: list[Tally] = []
    left_out: list[Tally] = []
    sources: list[BaseSource] = []
    served = 0
    for days, base in parts:
        for day, tally in days.items():
            (used if day in base.days or not measure.needs_base else left_out).append(tally)
        if measure.needs_base:
            within = [v for day, v in base.days.items() if period.first <= day <= period.last]
            served += sum(count for count, _ in within)
            sources += [source for _, source in within]
    tally = added(used)
    origin = Origin(
        question, period, Collection.SELF_SELECTED, worst_source(sources), tally.flagged
    )
    figure = measure.of(tally, served)
    return shown(figure, origin, sum(t.count for t in left_out), tally)
