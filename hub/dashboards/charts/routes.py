"""The pages of charts and what is behind a figure, and the same as tables for spreadsheets."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from hub.core.errors import NotFound
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.spreadsheet import Cell, as_csv
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.dashboards.charts import presence, reading, wording
from hub.dashboards.charts.asked import STEPS, ChartFilters
from hub.dashboards.charts.chart import HEADER, TrendChart
from hub.dashboards.charts.kinds import KINDS, Kind
from hub.dashboards.charts.tables import BREAKDOWN, HEAT, PEOPLE, breakdown, hours, people
from hub.dashboards.choices import choices
from hub.dashboards.filters import PERIODS
from hub.dashboards.tiles.board import Board
from hub.dashboards.words import BASES, FLAGS, SOURCES, words
from hub.identity.access import Access
from hub.identity.views import Visitor

Asked = Annotated[ChartFilters, Query()]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Each page is read in one unit of work, and nothing on it is anybody's own."""
    router = Router(include_in_schema=False)
    sees_answers = Depends(access.may(Permission.SEE_ANSWERS))

    show = partial(show_charts, shown)

    @router.get("/trends")
    def trends(request: Request, asked: Asked, visitor: Visitor = sees_answers) -> HTMLResponse:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            charts = reading.trend_charts(seen, asked)
            step = asked.stepped(seen.days)
            return show(request, "trends", seen, charts=charts, step=step)

    @router.get("/trends/{code}.csv")
    def trend_table(code: str, asked: Asked, visitor: Visitor = sees_answers) -> Response:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            charts = _charts(seen, asked, code)
        rows = [
            (chart.question, *row) for chart in charts if chart.code == code for row in chart.rows()
        ]
        return download(f"trend-{code}", ("question", *HEADER), rows)

    @router.get("/heat")
    def heat(request: Request, asked: Asked, visitor: Visitor = sees_answers) -> HTMLResponse:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            return show(request, "heat", seen, heat=reading.heat(seen, asked))

    @router.get("/heat.csv")
    def heat_table(asked: Asked, visitor: Visitor = sees_answers) -> Response:
        with workplace.read() as work:
            found = reading.heat(Board(work, visitor, asked), asked)
        return download(f"hours-{found.show}", HEAT, hours(found))

    @router.get("/people")
    def everybody(request: Request, asked: Asked, visitor: Visitor = sees_answers) -> HTMLResponse:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            return show(request, "people", seen, found=reading.people(seen, asked))

    @router.get("/people.csv")
    def people_table(asked: Asked, visitor: Visitor = sees_answers) -> Response:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            rows = people(reading.people(seen, asked), seen.names)
        return download("attraction", PEOPLE, rows)

    @router.get("/figures/{code}.csv")
    def figure_table(code: str, asked: Asked, visitor: Visitor = sees_answers) -> Response:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            rows = breakdown(reading.made_of(seen, asked, _kind(code)), seen.names)
        return download(f"figure-{code}", BREAKDOWN, rows)

    @router.get("/figures/{code}")
    def figure(
        request: Request, code: str, asked: Asked, visitor: Visitor = sees_answers
    ) -> HTMLResponse:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            made = reading.made_of(seen, asked, _kind(code))
            step = asked.stepped(seen.days)
            return show(request, "figure", seen, made=made, flags=FLAGS, step=step)

    return router


def _charts(seen: Board, asked: ChartFilters, code: str) -> list[TrendChart]:
    if code == "approaches":
        return [presence.people_chart(seen, asked)]
    kinds = () if code == "answers" else (_kind(code).code,)
    return reading.trend_charts(seen, asked, kinds)


def show_charts(
    shown: Pages, request: Request, name: str, seen: Board, **values: Any
) -> HTMLResponse:
    """One of the pages of charts, with the filters that all of them have."""
    return shown.show(
        request,
        f"dashboards/charts/{name}.html",
        board=seen,
        asked=seen.filters,
        names=seen.names,
        choices=choices(seen),
        days=seen.days,
        periods=PERIODS,
        steps=STEPS,
        words=words(),
        wording=wording,
        bases=BASES,
        sources=SOURCES,
        **values,
    )


def _kind(code: str) -> Kind:
    if code not in KINDS:
        raise NotFound(_("There is no such figure."))
    return KINDS[code]


def download(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The rows as a file for a spreadsheet."""
    headers = {"Content-Disposition": f'attachment; filename="wellheard-{name}.csv"'}
    return Response(as_csv(header, rows), media_type="text/csv; charset=utf-8", headers=headers)
