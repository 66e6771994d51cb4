"""The response rate: answers to one question, of those who came near the terminal where they were given.

Decides which answers are held against which people: those of a touchpoint against whoever came near its terminal, on
the days on which that was counted at all. The formula is `figures.rates`'.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import presence, tallies
from hub.feedback.figures.calendar import (
    Step,
    day_number,
    day_of_hour,
    days_of,
    hour_of_week,
    spans,
)
from hub.feedback.figures.measures import RESPONSE, Shown, Tally, added, shown
from hub.feedback.figures.origin import Collection, Origin
from hub.feedback.presence import Near
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection, Whose, about, answer_count, answer_day, within
from hub.feedback.zones import zones

MOST_TRIED = 5


@needs(Permission.SEE_ANSWERS)
def of_all(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> Shown | None:
    """Of all touchpoints together; None where nobody is counted.

    Nobody can tell for whom somebody came near, so that there is none for one employee.
    """
    near = _near(work, scope, selection)
    if not near:
        return None
    answers = added(_answers(work, scope, selection, question, near).values())
    return _shown(question, selection, answers, sum(one.approaches for one in near.values()))


@needs(Permission.SEE_ANSWERS)
def by_touchpoint(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> dict[Whose, Shown]:
    """Of each touchpoint where people are counted."""
    near = _near(work, scope, selection)
    answers = _answers(work, scope, selection, question, near)
    return {
        whose: _shown(question, selection, answers[whose], near[whose].approaches)
        for whose in sorted(near)
    }


@needs(Permission.SEE_ANSWERS)
def by_hour(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> dict[int, Shown]:
    """Of each hour of the facilities' clocks in which anybody came or answered; together they are the response rate."""
    near = _near(work, scope, selection)
    came = [0] * presence.HOURS
    for whose, hours in presence.by_hour(work, scope, selection).items():
        if whose in near:
            came = [count + seen.approaches for count, seen in zip(came, hours, strict=True)]
    answers = _answers_by_hour(work, scope, selection, question, near)
    return {
        hour: _shown(question, selection, answers[hour], came[hour])
        for hour in range(presence.HOURS)
        if came[hour] or answers[hour].count
    }


@needs(Permission.SEE_ANSWERS)
def asked_there(
    work: UnitOfWork, scope: Scope, selection: Selection, questions: Sequence[Question]
) -> Question | None:
    """The first of these questions with answers where people are counted; the very first where none has any."""
    places = set() if selection.employee else presence.places(work, scope, selection)
    for question in questions[:MOST_TRIED] if places else ():
        found = tallies.counted(work, scope, selection, question, Step.WHOLE, by="touchpoint")
        if not places.isdisjoint(found):
            return question
    return next(iter(questions), None)


def _near(work: UnitOfWork, scope: Scope, selection: Selection) -> dict[Whose, Near]:
    if selection.employee is not None:
        return {}
    return presence.approaches(work, scope, selection)


def _answers(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    near: Mapping[Whose, Near],
) -> dict[Whose, Tally]:
    """At each touchpoint, on the days that count: read in one, less the other days, where those are fewer.

    Touchpoints of a facility whose days are the same, which is usual, are read together.
    """
    if not near:
        return {}
    days = {day_number(day) for day in days_of(selection.period)}
    alike: dict[tuple[str, bool, frozenset[int]], list[str]] = defaultdict(list)
    for (facility, touchpoint), one in near.items():
        others = frozenset(days - one.days)
        takes_back = len(others) < len(one.days)
        fewer = others if takes_back else one.days
        alike[facility, takes_back, fewer].append(touchpoint)
    whole = tallies.counted(work, scope, selection, question, Step.WHOLE, by="touchpoint")
    found = {}
    for (facility, takes_back, fewer), touchpoints in alike.items():
        read = _on_days(
            work,
            selection.narrowed(scope),
            question,
            facility=facility,
            touchpoints=touchpoints,
            days=fewer,
        )
        for touchpoint in touchpoints:
            tally = read[touchpoint]
            if takes_back:
                tally = added(whole.get((facility, touchpoint), {}).values())
                tally.take_back(read[touchpoint])
            found[facility, touchpoint] = tally
    return found


def _on_days(
    work: UnitOfWork,
    scope: Scope,
    question: Question,
    *,
    facility: str,
    touchpoints: list[str],
    days: frozenset[int],
) -> defaultdict[str, Tally]:
    found: defaultdict[str, Tally] = defaultdict(Tally)
    if not days:
        return found
    c = answer_day.c
    rows = (
        select(c.touchpoint, c.value, c.flagged, func.sum(c.count))
        .where(within(answer_day, scope, [facility]), c.touchpoint.in_(touchpoints))
        .where(c.day.in_(sorted(days)), about(answer_day, question))
        .group_by(c.touchpoint, c.value, c.flagged)
    )
    for touchpoint, value, flagged, count in work.connection.execute(rows).all():
        found[touchpoint].take(value, int(count), flagged=flagged)
    return found


def _answers_by_hour(
    work: UnitOfWork,
    scope: Scope,
    selection: Selection,
    question: Question,
    near: Mapping[Whose, Near],
) -> dict[int, Tally]:
    c = answer_count.c
    places = sorted({touchpoint for _, touchpoint in near})
    found: dict[int, Tally] = defaultdict(Tally)
    for zone, facilities in zones(work, selection.narrowed(scope)):
        (span,) = spans(selection.period, Step.WHOLE, zone)
        rows = (
            select(c.facility, c.touchpoint, c.hour, c.value, c.flagged, func.sum(c.count))
            .where(within(answer_count, scope, facilities), c.touchpoint.in_(places))
            .where(
                c.hour >= span.from_hour, c.hour < span.until_hour, about(answer_count, question)
            )
            .group_by(c.facility, c.touchpoint, c.hour, c.value, c.flagged)
        )
        for facility, touchpoint, hour, value, flagged, count in work.connection.execute(
            rows
        ).all():
            here = near.get((facility, touchpoint))
            if here is not None and day_of_hour(hour, zone) in here.days:
                _weekday, there = hour_of_week(hour, zone)
                found[there].take(value, int(count), flagged=flagged)
    return found


def _shown(question: Question, selection: Selection, answers: Tally, approaches: int) -> Shown:
    origin = Origin(
        str(question), selection.period, Collection.SELF_SELECTED, None, answers.flagged
    )
    return shown(RESPONSE.of(answers, approaches), origin, tally=answers)
