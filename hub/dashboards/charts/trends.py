"""Series of figures and of counts as control charts.

Decides which points are gaps, which are judged, and what is noted beside them; the limits are `figures.control`'s.
"""

from collections import defaultdict
from collections.abc import Sequence

from hub.core import texts
from hub.core.texts import gettext as _
from hub.core.texts import ngettext
from hub.dashboards.charts import wording
from hub.dashboards.charts.chart import INDEX, SHARE, ChartPoint, TrendChart
from hub.dashboards.charts.kinds import Kind
from hub.dashboards.tiles.indexes import scale_of
from hub.feedback.figures.calendar import Step
from hub.feedback.figures.control import (
    ControlChart,
    Counted,
    Judged,
    chart_of_counts,
    chart_of_differences,
)
from hub.feedback.figures.figure import Base
from hub.feedback.figures.measures import Shown
from hub.feedback.figures.origin import Period
from hub.feedback.figures_service import Amount, Point

Count = tuple[Period, int | None]
"""None where nothing is known."""


def chart_of_figures(kind: Kind, question: str, points: Sequence[Point], step: Step) -> TrendChart:
    """Points that must not be shown are gaps, and take no part in the limits."""
    control = chart_of_differences([_counted(kind, point.shown) for point in points])
    judged = control.points if control else [None] * len(points)
    drawn = [_point(p, step, one) for p, one in zip(points, judged, strict=True)]
    axis = INDEX if kind.signed else SHARE
    shown = [point.shown.figure for point in points if point.shown.standing.shows_value]
    closer = scale_of(shown) if shown and kind.signed and kind.measure.needs_base else None
    return TrendChart(kind.code, _(kind.name), question, drawn, _centre(control), axis, closer)


def chart_of_amounts(amounts: Sequence[Amount], whole: Sequence[bool], step: Step) -> TrendChart:
    """`whole` says which steps are complete: the others are drawn, and not judged.

    Days of the week without a single answer are gaps: the clinic is closed then, and no worse for it.
    """
    closed = _("no answer on this weekday in the whole period")
    counts: list[Count] = [(amount.period, amount.plain) for amount in amounts]
    points, centre = _counted_points(counts, whole, step, closed)
    return TrendChart("answers", _("Answers"), "", points, centre)


def chart_of_people(counts: Sequence[Count], whole: Sequence[bool], step: Step) -> TrendChart:
    """The same of people who came near."""
    closed = _("nobody on this weekday in the whole period")
    points, centre = _counted_points(counts, whole, step, closed)
    name = _("People who came near")
    return TrendChart("approaches", name, "", points, centre, of_people=True)


def _counted_points(
    amounts: Sequence[Count], whole: Sequence[bool], step: Step, closed_note: str
) -> tuple[list[ChartPoint], float | None]:
    closed = _closed(amounts) if step is Step.DAY else frozenset()
    is_open = [period.first.weekday() not in closed for period, _ in amounts]
    counts = [
        count if known and done else None
        for (_, count), known, done in zip(amounts, is_open, whole, strict=True)
    ]
    control = chart_of_counts(counts)
    judged = control.points if control else [None] * len(amounts)
    points = [
        ChartPoint(
            days=period,
            label=wording.step_name(period, step, short=True),
            name=wording.step_name(period, step),
            value=float(count) if known and count is not None else None,
            told="",
            n=count or 0,
            note=_amount_note(known, done, closed_note) if count is not None else _("not counted"),
            judged=one,
            unfinished=known and not done,
        )
        for (period, count), known, done, one in zip(amounts, is_open, whole, judged, strict=True)
    ]
    return points, _centre(control)


def _closed(amounts: Sequence[Count]) -> frozenset[int]:
    """Weekdays that came at least twice and never had anything to count."""
    by_weekday: dict[int, list[int]] = defaultdict(list)
    for period, count in amounts:
        if count is not None:
            by_weekday[period.first.weekday()].append(count)
    return frozenset(
        day for day, counts in by_weekday.items() if len(counts) > 1 and not any(counts)
    )


def _amount_note(is_open: bool, is_whole: bool, closed: str) -> str:
    if not is_open:
        return closed
    return "" if is_whole else _("not complete, so not judged")


def _counted(kind: Kind, shown: Shown) -> Counted | None:
    if not shown.standing.shows_value:
        return None
    return Counted(*kind.measure.poles(shown.tally), shown.figure.base)


def _point(point: Point, step: Step, judged: Judged | None) -> ChartPoint:
    shown, figure = point.shown, point.shown.figure
    is_shown = shown.standing.shows_value
    note = "" if is_shown else wording.reason(shown)
    if shown.without_base and is_shown:
        without = ngettext(
            "%(num)s answer more on days without clients served",
            "%(num)s answers more on days without clients served",
            shown.without_base,
        )
        note = without % {"num": texts.number(shown.without_base)}
    return ChartPoint(
        days=point.period,
        label=wording.step_name(point.period, step, short=True),
        name=wording.step_name(point.period, step),
        value=figure.value if is_shown else None,
        told=wording.said(shown) if is_shown else "",
        n=figure.n,
        base=figure.base if figure.base_of is not Base.ANSWERS else None,
        low=figure.low if is_shown else None,
        high=figure.high if is_shown else None,
        note=note,
        judged=judged,
    )


def _centre(control: ControlChart | None) -> float | None:
    return control.centre if control else None
