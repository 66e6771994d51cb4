"""How many answers came hour by hour on single days, so that today can be held against the same day of earlier weeks.

Decides nothing about figures: answers to all questions are counted, which is good for nothing but saying how many.
Also which answers came lately, question by question.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.figures.calendar import Step, spans
from hub.feedback.figures.measures import Tally
from hub.feedback.figures.origin import Period
from hub.feedback.questions import Question
from hub.feedback.service import response
from hub.feedback.tallies import Selection, answer_count
from hub.feedback.zones import zones
from hub.identity import service as identity

HOURS = 24
HOUR_S = 3600

Hours = list[int]
"""Plain answers in each hour of the facility's clocks, midnight's first."""


@needs(Permission.SEE_ANSWERS)
def by_hour_of(
    work: UnitOfWork, scope: Scope, selection: Selection, days: Sequence[date]
) -> list[Hours]:
    """The hours of each of these days, in their order."""
    found = {day: [0] * HOURS for day in days}
    c = answer_count.c
    for zone, facilities in zones(work, scope):
        places = _places(days, zone)
        rows = (
            select(c.hour, func.sum(c.count))
            .where(c.organisation == scope.organisation, c.facility.in_(facilities))
            .where(c.hour.in_(places), selection.rows(answer_count), ~c.flagged)
            .group_by(c.hour)
        )
        for number, count in work.connection.execute(rows):
            day, hour = places[number]
            found[day][hour] += int(count)
    return [found[day] for day in days]


@needs(Permission.SEE_ANSWERS)
def lately(
    work: UnitOfWork, scope: Scope, selection: Selection, since_ms: int
) -> dict[Question, Tally]:
    """The plain answers to each question that judges, since then."""
    c = response.c
    here = c.facility.in_(sorted(identity.time_zones(work, scope)))
    rows = (
        select(c.survey, c.question, c.value, func.count())
        .where(scope.rows(c), here, c.occurred_ms >= since_ms, selection.rows(response))
        .where(c.flags == "", c.survey.is_not(None), c.question.is_not(None), c.value.is_not(None))
        .group_by(c.survey, c.question, c.value)
    )
    found: dict[Question, Tally] = defaultdict(Tally)
    for survey, question, value, count in work.connection.execute(rows):
        found[Question(survey, question)].take(value, count, flagged=False)
    return {question: tally for question, tally in found.items() if question.judges}


def _places(days: Collection[date], zone: ZoneInfo) -> dict[int, tuple[date, int]]:
    """Of each hour since 1970 UTC that lies in one of the days: which day, and which hour of it."""
    places = {}
    for day in days:
        (span,) = spans(Period(day, day), Step.WHOLE, zone)
        for number in range(span.from_hour, span.until_hour):
            places[number] = (day, datetime.fromtimestamp(number * HOUR_S, zone).hour)
    return places


def same_weekday_before(day: date, weeks: int) -> list[date]:
    """The same day of each of the weeks before, the last one first."""
    return [day - timedelta(weeks=back) for back in range(1, weeks + 1)]
