"""The page of people near the terminals, and its tables for spreadsheets."""

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response

from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.dashboards.charts import presence
from hub.dashboards.charts.routes import Asked, download, show_charts
from hub.dashboards.tiles.board import Board
from hub.identity.access import Access
from hub.identity.views import Visitor


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Counts alone; whoever may see answers may see them."""
    router = Router(include_in_schema=False)
    sees_answers = Depends(access.may(Permission.SEE_ANSWERS))

    @router.get("/presence")
    def nearby(request: Request, asked: Asked, visitor: Visitor = sees_answers) -> HTMLResponse:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            found = presence.presence_page(seen, asked)
            return show_charts(
                shown, request, "presence", seen, found=found, step=asked.stepped(seen.days)
            )

    @router.get("/presence.csv")
    def nearby_table(asked: Asked, visitor: Visitor = sees_answers) -> Response:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            rows = list(presence.places(presence.presence_page(seen, asked), seen.names))
        return download("presence", presence.TABLE, rows)

    @router.get("/smiles.csv")
    def smile_table(asked: Asked, visitor: Visitor = sees_answers) -> Response:
        with workplace.read() as work:
            found = presence.presence_page(Board(work, visitor, asked), asked)
        return download("smiles", presence.SMILES, presence.smiles_by_hour(found))

    return router
