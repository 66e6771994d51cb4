"""Reading the counts of answers by weekday and hour of each facility's own clocks, with what was answered.

Decides nothing about figures; how many there were, whatever was answered, is `tallies`' to read.
"""

from collections import defaultdict
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import Step, hour_of_week, spans
from hub.feedback.figures.measures import Tally
from hub.feedback.questions import Question
from hub.feedback.tallies import ALL, Selection, answer_count
from hub.identity import service as identity

HourOfWeek = tuple[int, int]
"""Weekday (0 is Monday) and hour."""


def tallies_by_hour_of_week(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> dict[HourOfWeek, Tally]:
    """The answers to one question; hours without any are not there."""
    c = answer_count.c
    found: defaultdict[HourOfWeek, Tally] = defaultdict(Tally)
    for facility in identity.facilities(work, selection.narrowed(scope), ALL):
        zone = ZoneInfo(facility.time_zone)
        (span,) = spans(selection.period, Step.WHOLE, zone)
        rows = (
            select(c.hour, c.value, c.flagged, func.sum(c.count))
            .where(c.organisation == scope.organisation, c.facility == facility.id)
            .where(c.hour >= span.from_hour, c.hour < span.until_hour)
            .where(c.survey == question.survey, c.question == question.question)
            .where(selection.rows(answer_count))
            .group_by(c.hour, c.value, c.flagged)
        )
        for hour, value, flagged, count in work.connection.execute(rows):
            found[hour_of_week(hour, zone)].take(value, int(count), flagged=flagged)
    return dict(found)
