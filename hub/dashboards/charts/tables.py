"""The pages of charts as rows for spreadsheets: headers in English and unchanging, for programs read them too.

What may not be shown on the page is not in the table either.
"""

from collections.abc import Iterator

from hub.core.spreadsheet import Cell
from hub.dashboards.charts.reading import Heat, MadeOf, People
from hub.dashboards.overview import Names
from hub.feedback.figures.measures import Shown

Row = tuple[Cell, ...]

HEAT = ("weekday", "hour", "answers", "value")
PEOPLE = (
    "facility", "employee", "name", "rank", "index", "low", "high", "n", "served", "source", "standing",
    "index_of_answers", "answers_without_base",
)  # fmt: skip
BREAKDOWN = (
    "part", "facility", "id", "name", "value", "low", "high", "n", "base", "source", "standing", "formula",
)  # fmt: skip


def hours(heat: Heat) -> Iterator[Row]:
    """A row an hour; Monday is 1."""
    for weekday, row in enumerate(heat.map.rows, 1):
        for hour, cell in zip(heat.map.hours, row, strict=True):
            yield weekday, hour, cell.n, cell.value


def people(found: People, names: Names) -> Iterator[Row]:
    """A row a person."""
    for one in found.people:
        figure, of_answers = one.attraction.figure, one.of_answers
        yield (
            one.facility,
            one.employee,
            names.employees.get(one.employee, one.employee),
            one.rank,
            *_ends(one.attraction),
            figure.n,
            figure.base,
            _source(one.attraction),
            one.attraction.standing,
            of_answers.figure.value if of_answers.standing.shows_value else None,
            one.attraction.without_base,
        )


def breakdown(made: MadeOf, names: Names) -> Iterator[Row]:
    """The figure itself, and that of each touchpoint, employee and hour."""
    if made.shown is None:
        return
    yield ("whole", "", "", "", *_figure(made.shown))
    for subject, found in made.by.items():
        known = names.employees if subject == "employee" else names.touchpoints
        for (facility, who), shown in found.items():
            yield (subject, facility, who, known.get(who, who), *_figure(shown))
    for hour, shown in made.by_hour.items():
        yield ("hour", "", hour, f"{hour:02d}:00", *_figure(shown))


def _figure(shown: Shown) -> Row:
    figure = shown.figure
    ends = (*_ends(shown), figure.n, figure.base)
    return (*ends, _source(shown), shown.standing, figure.formula)


def _ends(shown: Shown) -> Row:
    figure, standing = shown.figure, shown.standing
    interval = (figure.low, figure.high) if standing.shows_interval else (None, None)
    return (figure.value if standing.shows_value else None, *interval)


def _source(shown: Shown) -> str | None:
    origin = shown.figure.origin
    return origin.base_source if origin else None
