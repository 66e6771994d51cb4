"""Pure: the Net Promoter Score. Which answers are valid is decided by whoever counts: nobody who declined,
skipped or let the question expire, no demonstration and no flagged row is ever among them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from hub.core.errors import BadInput
from hub.feedback.figures.differences import difference
from hub.feedback.figures.figure import Base, Figure, require_counts


class Category(StrEnum):
    """What a score from 0 to 10 makes of the person who gave it."""

    PROMOTER = "promoter"  # 9 and 10
    PASSIVE = "passive"  # 7 and 8
    DETRACTOR = "detractor"  # 0 to 6


def category(score: int) -> Category:
    """BadInput unless the score is a whole number from 0 to 10: none is rounded or brought into range."""
    if type(score) is not int or not 0 <= score <= 10:
        raise BadInput("score", f"score must be a whole number from 0 to 10, not {score!r}.")
    if score >= 9:
        return Category.PROMOTER
    return Category.PASSIVE if score >= 7 else Category.DETRACTOR


def nps(promoters: int, passives: int, detractors: int) -> Figure:
    """100 · (promoters − detractors) / all three, in points."""
    require_counts(promoters=promoters, passives=passives, detractors=detractors)
    n = promoters + passives + detractors
    return difference(promoters, detractors, n=n, base=n, base_of=Base.ANSWERS, formula="nps/1")


def nps_of_counts(counts: Mapping[int, int]) -> Figure:
    """The same from how often each score was given."""
    return _nps(categories(counts))


def categories(counts: Mapping[int, int]) -> Counter[Category]:
    """How many were of each category."""
    by: Counter[Category] = Counter()
    for score, count in counts.items():
        by[category(score)] += count
    return by


def nps_of_scores(scores: Iterable[int]) -> Figure:
    """The same from the scores themselves."""
    return _nps(Counter(map(category, scores)))


def _nps(by: Counter[Category]) -> Figure:
    return nps(by[Category.PROMOTER], by[Category.PASSIVE], by[Category.DETRACTOR])
