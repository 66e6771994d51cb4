"""Pure: where the counts behind a figure come from, and which may be put together.

Two questions are never put together, nor are answers of people who came by themselves with answers of a
sample: the sum would be a figure of nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hub.core.errors import BadInput


class Collection(StrEnum):
    """How those who answered were chosen."""

    SELF_SELECTED = "self_selected"
    SAMPLED = "sampled"


class BaseSource(StrEnum):
    """Who says how many clients were served, the most trustworthy first."""

    HOSPITAL_SYSTEM = "hospital_system"
    TICKET_QUEUE = "ticket_queue"
    STAFF_BUTTON = "staff_button"
    PEOPLE_COUNTER = "people_counter"
    TYPED_IN = "typed_in"
    DEMO = "demo"  # nobody: it was made up


_TRUST = {source: place for place, source in enumerate(BaseSource)}


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the facility's own calendar, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput("period", f"The period ends on {self.last}, before {self.first}.")


@dataclass(frozen=True, slots=True)
class Origin:
    """What was asked, when and of whom; `base_source` is None where no base from outside is used.

    `flagged` answers were given as well, and are not in the figure.
    """

    question: str
    period: Period
    collection: Collection
    base_source: BaseSource | None = None
    flagged: int = 0


def best_source(sources: Iterable[BaseSource]) -> BaseSource | None:
    """The source to believe where several say how many were served; None where none does."""
    return min(sources, key=_TRUST.__getitem__, default=None)


def worst_source(sources: Iterable[BaseSource]) -> BaseSource | None:
    """As trustworthy as this one is what all of them say together; None where none says anything."""
    return max(sources, key=_TRUST.__getitem__, default=None)


def require_comparable(origins: Iterable[Origin]) -> None:
    """BadInput, naming the field, unless question, collection and period are the same everywhere."""
    origins = list(origins)
    for field in ("question", "collection", "period"):
        if len({getattr(origin, field) for origin in origins}) > 1:
            raise BadInput(field, f"Answers that differ in {field} are never put together.")


def put_together(origins: Iterable[Origin]) -> Origin:
    """The origin of the sum of these counts, which is as trustworthy as the worst of their sources.

    BadInput where they must not be added.
    """
    origins = list(origins)
    if not origins:
        raise BadInput("origins", "There is nothing to put together.")
    require_comparable(origins)
    sources = [origin.base_source for origin in origins]
    if None in sources and any(sources):
        raise BadInput("base_source", "A sum needs a base for each of its parts, or for none.")
    return Origin(
        question=origins[0].question,
        period=origins[0].period,
        collection=origins[0].collection,
        base_source=worst_source(filter(None, sources)),
        flagged=sum(origin.flagged for origin in origins),
    )
