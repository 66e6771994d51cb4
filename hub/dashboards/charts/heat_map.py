"""Pure: answers by hour and weekday as a table whose cells are shaded; a shade never stands without its number.

Decides which hours are shown, how many shades there are, and that an hour with too few answers says only that.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hub.core import texts
from hub.core.texts import gettext as _
from hub.core.texts import ngettext
from hub.feedback.figures.figure import Figure, Unit
from hub.feedback.figures.measures import Tally
from hub.feedback.figures.publishing import standing

USUAL_HOURS = (8, 20)
SHADES = 5

_A_MONDAY = date(2024, 1, 1)

Counts = Sequence[Sequence[int]]
"""7 rows of 24; the first is Monday's."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`told` says everything in words; `shade` is the end of a class of the style sheet."""

    n: int
    text: str
    shade: str
    told: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Every row has a cell for each of `hours`."""

    hours: range
    weekdays: list[str]
    short_weekdays: list[str]
    rows: list[list[HeatCell]]
    summary: str

    @property
    def answers(self) -> int:
        return sum(cell.n for row in self.rows for cell in row)


def map_of_counts(counts: Counts) -> HeatMap:
    """The darkest shade is that of the busiest hour."""
    most = max(count for row in counts for count in row)

    def cell(weekday: int, hour: int) -> HeatCell:
        count = counts[weekday][hour]
        told = ngettext("%(num)s answer", "%(num)s answers", count) % {"num": texts.number(count)}
        shade = f"amount-{-(-count * SHADES // most)}" if count else "none"
        return HeatCell(count, texts.number(count) if count else "", shade, told, count)

    found = _map(_hours(counts), cell)
    if not most:
        return found
    busiest = _("Busiest: %(hour)s (%(told)s).") % _extreme(found, max)
    return _summed_up(found, busiest)


def map_of_figures(
    tallies: Mapping[tuple[int, int], Tally], figure_of: Callable[[Tally], Figure]
) -> HeatMap:
    """A share where less is better, or an index where more is, of each hour with answers enough."""

    def cell(weekday: int, hour: int) -> HeatCell:
        return _figure_cell(figure_of(tallies.get((weekday, hour), Tally())))

    counts = [[tallies.get((day, hour), Tally()).count for hour in range(24)] for day in range(7)]
    found = _map(_hours(counts), cell)
    valued = [cell for row in found.rows for cell in row if cell.value is not None]
    if not valued:
        return _summed_up(found, _("No hour has answers enough yet."))
    worst = min if figure_of(Tally()).unit is Unit.POINTS else max
    return _summed_up(found, _("Worst: %(hour)s (%(told)s).") % _extreme(found, worst))


def _figure_cell(figure: Figure) -> HeatCell:
    if not figure.n:
        return HeatCell(0, "", "none", _("no answers"))
    count = ngettext("%(num)s answer", "%(num)s answers", figure.n) % {
        "num": texts.number(figure.n)
    }
    if figure.value is None or not standing(figure).shows_value:
        return HeatCell(figure.n, "·", "few", _("too few: %(count)s") % {"count": count})
    value = round(figure.value * 100 / figure.unit.of_one)
    if figure.unit is Unit.POINTS:
        text, shade = f"{value:+d}".replace("-", "−"), _two_sided(value)
        told = _("NPS %(value)s, %(count)s")
    else:
        text, shade = str(value), f"share-{min(SHADES, 1 + value // 10)}"
        told = _("%(value)s of 100 unhappy, %(count)s")
    return HeatCell(figure.n, text, shade, told % {"value": text, "count": count}, value)


def _two_sided(value: int) -> str:
    if value == 0:
        return "none"
    return f"{'above' if value > 0 else 'below'}-{min(3, 1 + abs(value) // 34)}"


def _map(hours: range, cell: Callable[[int, int], HeatCell]) -> HeatMap:
    days = [_A_MONDAY + timedelta(days=day) for day in range(7)]
    return HeatMap(
        hours=hours,
        weekdays=[texts.day(day, "EEEE") for day in days],
        short_weekdays=[texts.day(day, "EEE") for day in days],
        rows=[[cell(weekday, hour) for hour in hours] for weekday in range(7)],
        summary="",
    )


def _hours(counts: Counts) -> range:
    """The usual ones, and all between the first and the last with an answer."""
    heard = [hour for row in counts for hour, count in enumerate(row) if count]
    first, behind = USUAL_HOURS
    return range(min([first, *heard]), max([behind, *(hour + 1 for hour in heard)]))


def _extreme(found: HeatMap, which: Callable[..., tuple[float, int, int]]) -> dict[str, str]:
    weighed = [
        (cell.value, day, place)
        for day, row in enumerate(found.rows)
        for place, cell in enumerate(row)
        if cell.value is not None
    ]
    _value, day, place = which(weighed, key=lambda one: one[0])
    hour = found.hours[place]
    told = found.rows[day][place].told
    return {"hour": f"{found.weekdays[day]} {hour:02d}:00–{hour + 1:02d}:00", "told": told}


def _summed_up(found: HeatMap, sentence: str) -> HeatMap:
    return HeatMap(found.hours, found.weekdays, found.short_weekdays, found.rows, sentence)
