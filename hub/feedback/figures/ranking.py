"""Pure: which groups are ahead of which, and nothing more than the answers can tell.

Two groups get different ranks only when their intervals separate. Overlapping is not transitive, so
whatever is linked by overlaps, also through others, shares one rank.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Generic, TypeVar

from hub.core.errors import BadInput
from hub.feedback.figures.figure import Figure
from hub.feedback.figures.origin import require_comparable
from hub.feedback.figures.publishing import Standing, standing

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Place(Generic[Group]):
    """A group and its rank: 1 + the number of groups ahead of it, or None where it has none."""

    group: Group
    figure: Figure
    rank: int | None


def ranked(figures: Iterable[tuple[Group, Figure]]) -> list[Place[Group]]:
    """Best rank first, those without a rank last; among equals the order given, for any other would rank.

    Only publishable figures are ranked. BadInput where formula, base, question, collection or period differ.
    """
    entries = list(figures)
    _require_one_measure([figure for _, figure in entries])
    publishable = [
        position
        for position, (_, figure) in enumerate(entries)
        if standing(figure) is Standing.PUBLISHABLE
    ]
    ranks: dict[int, int] = {}
    rank, lowest_ahead = 1, inf
    for ahead, position in enumerate(sorted(publishable, key=lambda i: -entries[i][1].high)):
        figure = entries[position][1]
        # By descending upper ends: what separates here separates all that follow from all before.
        if figure.high < lowest_ahead:
            rank = ahead + 1
        ranks[position] = rank
        lowest_ahead = min(lowest_ahead, figure.low)
    order = sorted(range(len(entries)), key=lambda i: ranks.get(i, len(entries) + 1))
    return [Place(*entries[i], ranks.get(i)) for i in order]


def _require_one_measure(figures: list[Figure]) -> None:
    if len({(figure.formula, figure.base_of) for figure in figures}) > 1:
        raise BadInput("formula", "Figures of different formulae are never compared.")
    require_comparable(figure.origin for figure in figures if figure.origin is not None)
