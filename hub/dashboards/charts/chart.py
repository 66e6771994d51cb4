"""A control chart as pages have it: what is drawn, what is said in words, and the table beside it.

How it looks is decided by `charts.js`, which draws; what its points are by `trends`.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hub.core import texts
from hub.core.spreadsheet import Cell
from hub.core.texts import N_, ngettext
from hub.core.texts import gettext as _
from hub.feedback.figures.control import (
    FEWEST_POINTS,
    Judged,
    Signal,
)
from hub.feedback.figures.origin import Period as Days

INDEX, SHARE = (-100, 100), (0, 100)

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
    """`value` is None in a gap, and `note` then says why; an `unfinished` one is no part of the line."""

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
    unfinished: bool = False

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
    of_people: bool = False
    """Whether people are counted, and not answers."""

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
    def has_answers(self) -> bool:
        return any(point.n for point in self.points)

    @property
    def has_values(self) -> bool:
        return any(point.value is not None and point.n for point in self.points)

    def limits(self, point: ChartPoint) -> str:
        """In words, for the table."""
        if point.judged is None:
            return ""
        ends = {"low": self.number(point.judged.lower), "high": self.number(point.judged.upper)}
        return _("%(low)s to %(high)s") % ends

    def summary(self) -> list[str]:
        """What there is to see, in sentences; empty where there is nothing yet."""
        values = [p.value for p in self.points if p.value is not None and not p.unfinished]
        if not values or not self.has_values:
            return []
        ends = {"low": self.number(min(values)), "high": self.number(max(values))}
        return [_("Between %(low)s and %(high)s.") % ends, *self._judgement(), *self._missing()]

    def _judgement(self) -> list[str]:
        if self.centre is None:
            fewest = {"count": texts.number(FEWEST_POINTS)}
            return [_("Limits need at least %(count)s points that may be shown.") % fewest]
        average = _("On average %(value)s.") % {"value": self.number(self.centre)}
        return [average, _unusual([point for point in self.points if point.signal])]

    def _missing(self) -> list[str]:
        if not self.gaps or self.axis is None:
            return []
        missing = ngettext(
            "%(num)s point is a gap: too few answers.",
            "%(num)s points are gaps: too few answers.",
            self.gaps,
        )
        return [missing % {"num": texts.number(self.gaps)}]

    def drawn(self) -> dict[str, Any]:
        """All that the script needs, every text in the reader's language."""
        return {
            "axis": self.axis,
            "closer": self.closer,
            "centre": self.centre,
            "labels": [point.label for point in self.points],
            "values": [None if p.unfinished else p.value for p in self.points],
            "unfinished": [p.value if p.unfinished else None for p in self.points],
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

    def _counted(self, n: int) -> str:
        count = (
            ngettext("%(num)s person", "%(num)s people", n)
            if self.of_people
            else ngettext("%(num)s answer", "%(num)s answers", n)
        )
        return count % {"num": texts.number(n)}

    def _tip(self, point: ChartPoint) -> list[str]:
        lines = [point.name, point.told, self._counted(point.n)]
        if point.base is not None:
            served = ngettext("%(num)s client served", "%(num)s clients served", point.base)
            lines.append(served % {"num": texts.number(point.base)})
        if point.judged:
            lines.append(_("limits %(limits)s") % {"limits": self.limits(point)})
        return [line for line in (*lines, point.signal, point.note) if line]


def _unusual(points: list[ChartPoint]) -> str:
    if not points:
        return _("Nothing stands out: the points differ by chance.")
    by_signal = groupby(points[-TOLD_SIGNALS:], key=lambda point: point.signal)
    named = "; ".join(f"{', '.join(p.name for p in these)} ({why})" for why, these in by_signal)
    told = ngettext(
        "%(num)s point stands out: %(which)s.",
        "%(num)s points stand out, last: %(which)s.",
        len(points),
    )
    return told % {"num": texts.number(len(points)), "which": named}
