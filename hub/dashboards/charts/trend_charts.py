"""A series of figures or of counts as a control chart: what is drawn, what is said in words, and the table beside it.

Decides which points are gaps, which are judged, and how each is told; the limits are `figures.control`'s, and how it
looks is decided by `charts.js`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.core import texts
from hub.core.texts import N_, ngettext
from hub.core.texts import gettext as _
from hub.dashboards.charts import wording
from hub.dashboards.charts.kinds import Kind
from hub.dashboards.charts.spreadsheet import Cell
from hub.dashboards.tiles.indexes import scale_of
from hub.feedback.figures.calendar import Step
from hub.feedback.figures.control import (
    FEWEST_POINTS,
    ControlChart,
    Counted,
    Judged,
    Signal,
    chart_of_counts,
    chart_of_differences,
)
from hub.feedback.figures.figure import Base
from hub.feedback.figures.measures import Shown
from hub.feedback.figures.origin import Period as Days
from hub.feedback.figures_service import Amount, Point

SIGNALS: dict[Signal, tuple[str, str]] = {
    Signal.OUTSIDE: (N_("outside"), N_("outside the limits")),
    Signal.RUN: (N_("run"), N_("one of eight or more in a row on one side of the median")),
}
"""For the drawing, and for a sentence."""
TOLD_SIGNALS = 5

HEADER = (
    "first_day", "last_day", "value", "low", "high", "n", "base", "lower_limit", "upper_limit", "signal", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """`value` is None in a gap, and `note` then says why."""

    days: Days
    label: str
    name: str
    value: float | None
    told: str
    n: int
    base: int | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    judged: Judged | None = None

    @property
    def signal(self) -> str:
        """In a sentence; empty where nothing stands out."""
        return _(SIGNALS[self.judged.signal][1]) if self.judged and self.judged.signal else ""


@dataclass(frozen=True, slots=True)
class TrendChart:
    """`axis` is None where it begins at zero and ends where it must; `closer` is how far on both sides of zero an
    index on the base of those served can be looked at, where −100 to 100 would show a flat line."""

    code: str
    name: str
    question: str
    points: list[ChartPoint]
    centre: float | None
    axis: tuple[int, int] | None = None
    closer: int | None = None
    summary: list[str] = field(default_factory=list)

    @property
    def identity(self) -> str:
        """For the page's elements."""
        return "-".join(filter(None, (self.code, *self.question.split("/"))))

    @property
    def gaps(self) -> int:
        """How many points have too few answers to be shown."""
        return sum(point.value is None for point in self.points)

    @property
    def has_base(self) -> bool:
        return any(point.base is not None for point in self.points)

    @property
    def has_values(self) -> bool:
        return any(point.value is not None and point.n for point in self.points)

    def limits(self, point: ChartPoint) -> str:
        """In words, for the table."""
        if point.judged is None:
            return ""
        ends = {"low": self.number(point.judged.lower), "high": self.number(point.judged.upper)}
        return _("%(low)s to %(high)s") % ends

    def drawn(self) -> dict[str, Any]:
        """All that the script needs, every text in the reader's language."""
        return {
            "axis": self.axis,
            "closer": self.closer,
            "centre": self.centre,
            "labels": [point.label for point in self.points],
            "values": [point.value for point in self.points],
            "intervals": [[point.low, point.high] for point in self.points],
            "limits": [[p.judged.lower, p.judged.upper] if p.judged else None for p in self.points],
            "signals": [p.judged.signal if p.judged else None for p in self.points],
            "tips": [self._tip(point) for point in self.points],
            "words": {signal: _(short) for signal, (short, _long) in SIGNALS.items()}
            | {"centre": self.centre_in_words(), "limits": _("limits")},
        }

    def rows(self) -> list[tuple[Cell, ...]]:
        """For a spreadsheet, under HEADER."""
        return [
            (
                point.days.first.isoformat(),
                point.days.last.isoformat(),
                point.value,
                point.low,
                point.high,
                point.n,
                point.base,
                point.judged.lower if point.judged else None,
                point.judged.upper if point.judged else None,
                point.judged.signal if point.judged else None,
                point.note,
            )
            for point in self.points
        ]

    def centre_in_words(self) -> str:
        """The centre line's label; empty where there is none."""
        if self.centre is None:
            return ""
        return _("average %(value)s") % {"value": self.number(self.centre)}

    def number(self, value: float) -> str:
        """A value, limit or average in the reader's numbers."""
        if self.axis is None and value == int(value):
            return texts.number(value)
        return texts.rounded(value) if self.axis != INDEX else texts.signed(value)

    def _tip(self, point: ChartPoint) -> list[str]:
        count = ngettext("%(num)s answer", "%(num)s answers", point.n)
        lines = [point.name, point.told, count % {"num": texts.number(point.n)}]
        if point.base is not None:
            served = ngettext("%(num)s client served", "%(num)s clients served", point.base)
            lines.append(served % {"num": texts.number(point.base)})
        if point.judged:
            lines.append(_("limits %(limits)s") % {"limits": self.limits(point)})
        return [line for line in (*lines, point.signal, point.note) if line]


INDEX, SHARE = (-100, 100), (0, 100)


def chart_of_figures(kind: Kind, question: str, points: Sequence[Point], step: Step) -> TrendChart:
    """Points that must not be shown are gaps, and take no part in the limits."""
    control = chart_of_differences([_counted(kind, point.shown) for point in points])
    judged = control.points if control else [None] * len(points)
    drawn = [_point(p, step, one) for p, one in zip(points, judged, strict=True)]
    axis = INDEX if kind.signed else SHARE
    shown = [point.shown.figure for point in points if point.shown.standing.shows_value]
    closer = scale_of(shown) if shown and kind.signed and kind.measure.needs_base else None
    chart = TrendChart(kind.code, _(kind.name), question, drawn, _centre(control), axis, closer)
    return _told(chart)


def chart_of_amounts(amounts: Sequence[Amount], whole: Sequence[bool], step: Step) -> TrendChart:
    """`whole` says which steps are complete: the others are drawn, and not judged."""
    counts = [a.plain if done else None for a, done in zip(amounts, whole, strict=True)]
    control = chart_of_counts(counts)
    judged = control.points if control else [None] * len(amounts)
    points = [
        ChartPoint(
            days=amount.period,
            label=wording.step_name(amount.period, step, short=True),
            name=wording.step_name(amount.period, step),
            value=float(amount.plain),
            told="",
            n=amount.plain,
            note="" if done else _("not complete, so not judged"),
            judged=one,
        )
        for amount, done, one in zip(amounts, whole, judged, strict=True)
    ]
    return _told(TrendChart("answers", _("Answers"), "", points, _centre(control)))


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


def _told(chart: TrendChart) -> TrendChart:
    shown = [point for point in chart.points if point.value is not None]
    if chart.has_values:
        chart.summary.extend(_sentences(chart, [p.value for p in shown if p.value is not None]))
    return chart


def _sentences(chart: TrendChart, values: list[float]) -> list[str]:
    ends = {"low": chart.number(min(values)), "high": chart.number(max(values))}
    found = [_("Between %(low)s and %(high)s.") % ends]
    if chart.centre is None:
        fewest = {"count": texts.number(FEWEST_POINTS)}
        found.append(_("Limits need at least %(count)s points that may be shown.") % fewest)
    else:
        found.append(_("On average %(value)s.") % {"value": chart.number(chart.centre)})
        found.append(_unusual([point for point in chart.points if point.signal]))
    if chart.gaps:
        missing = ngettext(
            "%(num)s point is a gap: too few answers.",
            "%(num)s points are gaps: too few answers.",
            chart.gaps,
        )
        found.append(missing % {"num": texts.number(chart.gaps)})
    return found


def _unusual(points: list[ChartPoint]) -> str:
    if not points:
        return _("Nothing stands out: the points differ by chance.")
    named = "; ".join(f"{point.name} ({point.signal})" for point in points[-TOLD_SIGNALS:])
    told = ngettext(
        "%(num)s point stands out: %(which)s.",
        "%(num)s points stand out, last: %(which)s.",
        len(points),
    )
    return told % {"num": texts.number(len(points)), "which": named}
