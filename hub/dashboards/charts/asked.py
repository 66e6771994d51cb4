"""What a page of charts is asked for by its address: the filters of every page, the length of a step, and a question.

Steps begin where the calendar has them begin, so that only the last one may be unfinished.
"""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from hub.core.texts import N_
from hub.dashboards.filters import Filters
from hub.feedback.figures.calendar import Step
from hub.feedback.figures.origin import Period as Days

STEPS: dict[Step, str] = {
    Step.DAY: N_("By day"),
    Step.WEEK: N_("By week"),
    Step.MONTH: N_("By month"),
}
_LONGEST_BY_DAY = 45
_LONGEST_BY_WEEK = 200
_MOST_STEPS_BY_DAY = 400

_BLANK_IS_NONE = BeforeValidator(lambda given: given or None)


class ChartFilters(Filters):
    """`question` is survey/question, as figures name it; None stands for all that fit."""

    step: Annotated[Literal["day", "week", "month"] | None, _BLANK_IS_NONE] = None
    question: Annotated[str | None, Field(max_length=200), _BLANK_IS_NONE] = None
    show: Annotated[Literal["answers", "unhappy", "nps"] | None, _BLANK_IS_NONE] = None

    def stepped(self, days: Days) -> Step:
        """As asked, or what leaves a chart readable."""
        length = (days.last - days.first).days + 1
        if self.step is not None and not (self.step == "day" and length > _MOST_STEPS_BY_DAY):
            return Step(self.step)
        if length <= _LONGEST_BY_DAY:
            return Step.DAY
        return Step.WEEK if length <= _LONGEST_BY_WEEK else Step.MONTH


def aligned(days: Days, step: Step) -> Days:
    """The same days, from the beginning of the first step on."""
    first = days.first
    if step is Step.WEEK:
        first -= timedelta(days=first.weekday())
    elif step is Step.MONTH:
        first = first.replace(day=1)
    return Days(first, days.last)


def is_whole(part: Days, step: Step, today: date) -> bool:
    """Whether a step is complete: neither cut off by the period nor still going on."""
    behind = part.last + timedelta(days=1)
    begins, ends = {
        Step.WEEK: (part.first.weekday() == 0, behind.weekday() == 0),
        Step.MONTH: (part.first.day == 1, behind.day == 1),
    }.get(step, (True, True))
    return begins and ends and part.last < today
