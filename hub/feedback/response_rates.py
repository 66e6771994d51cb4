"""The response rate: answers to one question, of those who came near the terminal where they were given.

Decides which answers are held against which people: those of a touchpoint against whoever came near its terminal, on
the days on which that was counted at all. The formula is `figures.rates`'.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import presence, tallies
from hub.feedback.figures.calendar import (
    Step,
    day_of_hour,
    day_of_number,
    days_of,
    hour_of_week,
    spans,
)
from hub.feedback.figures.measures import RESPONSE, Shown, Tally, added, shown
from hub.feedback.figures.origin import Collection, Origin
from hub.feedback.figures.presence import Seen, together
from hub.feedback.known_days import on_days
from hub.feedback.questions import Question
from hub.feedback.tallies import Selection, Whose, about, answer_count, within

Near = Mapping[Whose, Mapping[date, Seen]]


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
    seen = together(one for days in near.values() for one in days.values())
    return _shown(question, selection, answers, seen)


@needs(Permission.SEE_ANSWERS)
def by_touchpoint(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> dict[Whose, Shown]:
    """Of each touchpoint where people are counted."""
    near = _near(work, scope, selection)
    answers = _answers(work, scope, selection, question, near)
    return {
        whose: _shown(question, selection, answers[whose], together(near[whose].values()))
        for whose in sorted(near)
    }


@needs(Permission.SEE_ANSWERS)
def by_hour(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question
) -> dict[int, Shown]:
    """Of each hour of the facilities' clocks in which anybody came or answered; together they are the response rate."""
    near = _near(work, scope, selection)
    seen = [Seen()] * presence.HOURS
    for whose, hours in presence.by_hour(work, scope, selection).items():
        if whose in near:
            seen = [one + more for one, more in zip(seen, hours, strict=True)]
    answers = _answers_by_hour(work, scope, selection, question, near)
    return {
        hour: _shown(question, selection, answers[hour], seen[hour])
        for hour in range(presence.HOURS)
        if seen[hour].approaches or answers[hour].count
    }


def _near(work: UnitOfWork, scope: Scope, selection: Selection) -> Near:
    if selection.employee is not None:
        return {}
    days = [one for one in presence.by_day(work, scope, selection) if one.touchpoint]
    return presence.by_touchpoint(days)


def _answers(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question, near: Near
) -> dict[Whose, Tally]:
    """At each touchpoint, on the days that count: read in one, less the other days, where those are fewer."""
    if not near:
        return {}
    days = list(days_of(selection.period))
    whole = tallies.counted(work, scope, selection, question, Step.WHOLE, by="touchpoint")
    found = {}
    for whose, counted in near.items():
        facility, touchpoint = whose
        here = replace(selection, touchpoint=touchpoint)
        others = [day for day in days if day not in counted]
        fewer = others if len(others) < len(counted) else list(counted)
        on_them = on_days(work, scope, here, question, days={facility: fewer}) if fewer else {}
        of_them = added(on_them.get((facility, ""), {}).values())
        if fewer is others:
            tally = added(whole.get(whose, {}).values())
            tally.take_back(of_them)
            found[whose] = tally
        else:
            found[whose] = of_them
    return found


def _answers_by_hour(
    work: UnitOfWork, scope: Scope, selection: Selection, question: Question, near: Near
) -> dict[int, Tally]:
    c = answer_count.c
    places = sorted({touchpoint for _, touchpoint in near})
    found: dict[int, Tally] = defaultdict(Tally)
    for zone, facilities in presence.zones(work, selection.narrowed(scope)):
        (span,) = spans(selection.period, Step.WHOLE, zone)
        rows = (
            select(c.facility, c.touchpoint, c.hour, c.value, c.flagged, func.sum(c.count))
            .where(within(answer_count, scope, facilities), c.touchpoint.in_(places))
            .where(
                c.hour >= span.from_hour, c.hour < span.until_hour, about(answer_count, question)
            )
            .group_by(c.facility, c.touchpoint, c.hour, c.value, c.flagged)
        )
        for facility, touchpoint, hour, value, flagged, count in work.connection.execute(rows):
            if day_of_number(day_of_hour(hour, zone)) in near.get((facility, touchpoint), {}):
                _weekday, there = hour_of_week(hour, zone)
                found[there].take(value, int(count), flagged=flagged)
    return found


def _shown(question: Question, selection: Selection, answers: Tally, seen: Seen) -> Shown:
    origin = Origin(
        str(question), selection.period, Collection.SELF_SELECTED, None, answers.flagged
    )
    return shown(
        RESPONSE.of(answers, seen.approaches),
        origin,
        tally=Tally(Counter(answers.values), answers.flagged),
    )
