"""Reading what cameras saw: who came near which terminal, by day and by hour, and how much of the time they saw.

Decides which of the counts to read, and nothing about figures. Nobody can tell for whom somebody came near, so that an
employee in the selection makes no difference here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, Table, and_, cast, func, literal, select

from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import served
from hub.feedback.figures.calendar import (
    Step,
    day_number,
    day_of_number,
    hour_of_week,
    parts_of,
    spans,
    step_starts,
)
from hub.feedback.figures.origin import Period
from hub.feedback.figures.presence import (
    PRESENCE_SUMS,
    WATCHED_S,
    Notice,
    Seen,
    notice,
    together,
)
from hub.feedback.figures.served import ServedBase
from hub.feedback.presence_tables import Presence, PresenceCount, PresenceDay
from hub.feedback.tallies import Selection, Whose, within
from hub.feedback.zones import zones
from hub.identity import service as identity

HOURS = 24
HOUR_S = 3600

presence: Table = Presence.__table__  # type: ignore[attr-defined]
presence_count: Table = PresenceCount.__table__  # type: ignore[attr-defined]
presence_day: Table = PresenceDay.__table__  # type: ignore[attr-defined]


class DaySeen(NamedTuple):
    """What one terminal saw on one day of its facility's calendar; `touchpoint` is "" where nobody knows it."""

    facility: str
    device: str
    touchpoint: str
    day: date
    seen: Seen

    @property
    def whose(self) -> Whose:
        return self.facility, self.touchpoint


class Near(NamedTuple):
    """People near one touchpoint, and the days (their numbers) on which they were counted."""

    approaches: int
    days: frozenset[int]


class NearOnDay(NamedTuple):
    """How many came near on a day, and how long the cameras saw."""

    day: date
    approaches: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Unnoticed:
    """So few came near, of so many served; `touchpoint` is "" where it is said of all of a facility's terminals."""

    facility: str
    touchpoint: str
    approaches: int
    served: int


@needs(Permission.SEE_ANSWERS)
def counts_people(work: UnitOfWork, scope: Scope) -> bool:
    """Whether any terminal of the scope has ever counted."""
    c = presence_day.c
    facilities = identity.time_zones(work, scope)
    here = select(c.day).where(within(presence_day, scope, facilities)).limit(1)
    return work.connection.execute(here).first() is not None


@needs(Permission.SEE_ANSWERS)
def by_day(work: UnitOfWork, scope: Scope, selection: Selection) -> list[DaySeen]:
    """Of each terminal, and of each day on which it saw anything at all."""
    c = presence_day.c
    whose = (c.facility, c.device, c.touchpoint, c.day)
    sums = [c[name] for name in PRESENCE_SUMS]
    rows = select(*whose, *sums).where(_on_days(work, scope, selection))
    found = work.connection.execute(rows).all()  # thousands, quicker together than one by one
    days = {number: day_of_number(number) for number in {row[3] for row in found}}
    return [
        DaySeen(facility, device, touchpoint, days[day], Seen(*sums))
        for facility, device, touchpoint, day, *sums in found
    ]


@needs(Permission.SEE_ANSWERS)
def places(work: UnitOfWork, scope: Scope, selection: Selection) -> set[Whose]:
    """The touchpoints near which people were counted in the period."""
    c = presence_day.c
    here = _on_days(work, scope, selection)
    rows = select(c.facility, c.touchpoint).where(here, c.touchpoint != "").distinct()
    return {(facility, touchpoint) for facility, touchpoint in work.connection.execute(rows)}


@needs(Permission.SEE_ANSWERS)
def approaches(work: UnitOfWork, scope: Scope, selection: Selection) -> dict[Whose, Near]:
    """How many came near each touchpoint, and on which days that was counted."""
    c = presence_day.c
    whose = (c.facility, c.touchpoint)
    days = func.aggregate_strings(
        cast(c.day, String), " "
    )  # one row each: there are hundreds of days
    rows = (
        select(*whose, func.sum(c.approaches), days)
        .where(_on_days(work, scope, selection), c.touchpoint != "")
        .group_by(*whose)
    )
    found = work.connection.execute(rows).all()
    return {
        (facility, touchpoint): Near(int(count), frozenset(map(int, days.split())))
        for facility, touchpoint, count, days in found
    }


def by_touchpoint(days: Iterable[DaySeen]) -> dict[Whose, Seen]:
    """Of each touchpoint."""
    found: dict[Whose, list[Seen]] = defaultdict(list)
    for one in days:
        found[one.whose].append(one.seen)
    return {whose: together(seen) for whose, seen in found.items()}


def by_step(days: Iterable[DaySeen], period: Period, step: Step) -> list[tuple[Period, Seen]]:
    """Of each step of a period, the first one first."""
    starts = step_starts(period, step)
    found: dict[date, list[Seen]] = defaultdict(list)
    for one in days:
        found[starts[one.day]].append(one.seen)
    seen = {start: together(parts) for start, parts in found.items()}
    return [(part, seen.get(part.first, Seen())) for part in parts_of(period, step)]


@needs(Permission.SEE_ANSWERS)
def by_hour(work: UnitOfWork, scope: Scope, selection: Selection) -> dict[Whose, list[Seen]]:
    """Of each touchpoint, and of each hour of the facility's clocks: 24 of them."""
    c = presence_count.c
    found: dict[Whose, list[Seen]] = defaultdict(lambda: [Seen()] * HOURS)
    for zone, facilities in zones(work, selection.narrowed(scope)):
        (span,) = spans(selection.period, Step.WHOLE, zone)
        rows = (
            select(c.facility, c.touchpoint, c.hour, *(func.sum(c[name]) for name in PRESENCE_SUMS))
            .where(within(presence_count, scope, facilities), _at(presence_count, selection))
            .where(c.hour >= span.from_hour, c.hour < span.until_hour)
            .group_by(c.facility, c.touchpoint, c.hour)
        )
        for facility, touchpoint, hour, *sums in work.connection.execute(rows):
            _weekday, there = hour_of_week(hour, zone)
            before = found[facility, touchpoint]
            before[there] = together([before[there], Seen(*map(int, sums))])
    return found


@needs(Permission.SEE_ANSWERS)
def lately(work: UnitOfWork, scope: Scope, selection: Selection, since_ms: int) -> int:
    """How many have come near since then."""
    c = presence.c
    facilities = identity.time_zones(work, selection.narrowed(scope))
    near = select(func.coalesce(func.sum(c.approaches), 0)).where(
        within(presence, scope, facilities), c.occurred_ms > since_ms, _at(presence, selection)
    )
    return int(work.connection.execute(near).scalar_one())


@needs(Permission.SEE_ANSWERS)
def whole(work: UnitOfWork, scope: Scope, selection: Selection) -> Seen:
    """Of all terminals and days together."""
    here = _on_days(work, scope, selection)
    (sums,) = work.connection.execute(_sums().where(here)).all()
    return Seen(*(int(number or 0) for number in sums))


@needs(Permission.SEE_ANSWERS)
def watched(work: UnitOfWork, scope: Scope, selection: Selection) -> float | None:
    """Which share of the period, up to now, the cameras that counted in it saw; None where none did."""
    c = presence_day.c
    rows = (
        select(c.facility, c.device, func.sum(c.seconds))
        .where(_on_days(work, scope, selection))
        .group_by(c.facility, c.device)
    )
    found = work.connection.execute(rows).all()
    now_s = work.now_ms // 1000
    lasted = 0
    for zone, facilities in zones(work, scope):
        (span,) = spans(selection.period, Step.WHOLE, zone)
        lasted_s = min(span.until_hour * HOUR_S, now_s) - span.from_hour * HOUR_S
        lasted += lasted_s * sum(facility in facilities for facility, _device, _s in found)
    seconds = sum(int(saw) for _facility, _device, saw in found)
    return min(1.0, seconds / lasted) if lasted > 0 else None


@needs(Permission.SEE_ANSWERS)
def unnoticed(work: UnitOfWork, scope: Scope, selection: Selection) -> list[Unnoticed]:
    """Touchpoints whose terminal few of those served come near, and facilities where none is noticed.

    A touchpoint is held against the clients served there, and a facility's terminals, all together, against those of
    the facility; each on the days of which both are known.
    """
    inside = selection.narrowed(scope)
    by_place = served.bases(work, inside, selection.period, "touchpoint", selection.touchpoint)
    by_facility = (
        served.bases(work, inside, selection.period, "facility")
        if selection.touchpoint is None
        else {}
    )
    bases = by_place | by_facility
    near = _near_on_days(work, scope, selection, bases)
    found = [(whose, _held_against(days, bases[whose])) for whose, days in near.items()]
    return [
        Unnoticed(facility, touchpoint, approaches, clients)
        for (facility, touchpoint), (approaches, clients) in sorted(found)
        if notice(approaches, clients) is Notice.UNNOTICED
    ]


def _near_on_days(
    work: UnitOfWork, scope: Scope, selection: Selection, wanted: Collection[Whose]
) -> dict[Whose, list[NearOnDay]]:
    """Of these touchpoints, and of these facilities' terminals all together, for each day."""
    c = presence_day.c
    here = _on_days(work, scope, selection)
    places = sorted({touchpoint for _, touchpoint in wanted if touchpoint})
    parts: list[tuple[ColumnElement[str], ColumnElement[bool]]] = []
    if places:
        parts.append((c.touchpoint, and_(here, c.touchpoint.in_(places))))
    if len(places) < len(wanted):
        parts.append((literal(""), here))
    found: dict[Whose, list[NearOnDay]] = defaultdict(list)
    for place, these in parts:
        key = (c.facility, place.label("place"), c.day)
        rows = select(*key, func.sum(c.approaches), func.sum(c.seconds)).where(these)
        for facility, touchpoint, day, approaches, seconds in work.connection.execute(
            rows.group_by(*key)
        ).all():
            if (facility, touchpoint) in wanted:
                near = NearOnDay(day_of_number(day), int(approaches), int(seconds))
                found[facility, touchpoint].append(near)
    return found


def _sums() -> Select[Any]:
    return select(*(func.sum(presence_day.c[name]) for name in PRESENCE_SUMS))


def _on_days(work: UnitOfWork, scope: Scope, selection: Selection) -> ColumnElement[bool]:
    inside = selection.narrowed(scope)
    facilities = identity.time_zones(work, inside)
    first, last = day_number(selection.period.first), day_number(selection.period.last)
    return and_(
        within(presence_day, scope, facilities),
        presence_day.c.day.between(first, last),
        _at(presence_day, selection),
    )


def _held_against(near: Iterable[NearOnDay], base: ServedBase) -> tuple[int, int]:
    """How many came near and how many were served, on days of which both are known."""
    both = [
        (one.approaches, base.days[one.day][0])
        for one in near
        if one.day in base.days and one.seconds >= WATCHED_S
    ]
    return sum(approaches for approaches, _ in both), sum(clients for _, clients in both)


def _at(table: Table, selection: Selection) -> ColumnElement[bool]:
    if selection.touchpoint is None:
        return and_(True)
    return table.c.touchpoint == selection.touchpoint
