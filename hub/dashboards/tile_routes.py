"""The tiles of the first view, one by one or all together: read when the page opens and again after events.

Which tiles there are, and who may see them, is written here. A tile carries nothing of the visitor's own, no name and
no token, so that all who see the same share it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from hub.core import texts
from hub.core.errors import NotFound
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.dashboards.filters import AskedFor
from hub.dashboards.shared import Shared
from hub.dashboards.tiles import indexes, presence, today, watch
from hub.dashboards.tiles.board import Board
from hub.dashboards.words import LABELS, words
from hub.identity.access import Access
from hub.identity.views import Visitor


@dataclass(frozen=True, slots=True)
class Tile:
    """What fills the template of the same name, and what a visitor must be allowed to see."""

    values: Callable[[Board], Mapping[str, Any]]
    needs: Permission = Permission.SEE_ANSWERS


TILES: Mapping[str, Tile] = {
    "burning": Tile(watch.burning, Permission.SEE_DEVICES),
    "calls": Tile(watch.calls),
    "better": Tile(indexes.better),
    "terminals": Tile(watch.terminals, Permission.SEE_DEVICES),
    "today": Tile(today.today),
    "nps": Tile(indexes.nps),
    "loyalty": Tile(indexes.loyalty),
    "response": Tile(indexes.response),
    "near": Tile(presence.near),
    "noticed": Tile(presence.noticed),
    "smiles": Tile(presence.smiling),
    "people": Tile(indexes.people),
    "heat": Tile(indexes.heat),
    "ledger": Tile(watch.ledger, Permission.SEE_DEVICES),
    "terminal_list": Tile(watch.lists, Permission.SEE_DEVICES),
    "ledger_list": Tile(watch.lists, Permission.SEE_DEVICES),
}


def tiles_for(scope: Scope) -> list[str]:
    """The names of those that may be seen somewhere in the scope."""
    return [name for name, tile in TILES.items() if scope.may(tile.needs)]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Parts of the page, each of which replaces the element with its own id."""
    router = Router(prefix="/tiles", include_in_schema=False)
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    shared = Shared()

    def made(request: Request, seen: Board, name: str) -> str:
        return shown.render(
            request,
            f"dashboards/tiles/{name}.html",
            board=seen,
            asked=seen.filters,
            names=seen.names,
            words=words(),
            **LABELS,
            **TILES[name].values(seen),
        )

    def part(request: Request, seen: Board, name: str) -> str:
        whose = (seen.visitor.scope, texts.spoken().code)
        key = (name, whose, seen.filters.query(), request.query_params.get("wallboard"))
        return shared.get(key, partial(made, request, seen, name))

    @router.get("")
    def all_tiles(
        request: Request, asked: AskedFor, visitor: Visitor = sees_devices
    ) -> HTMLResponse:
        """Everything at once: one request refreshes a page, and one look at the hub serves all tiles."""
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            return HTMLResponse("".join(part(request, seen, n) for n in tiles_for(seen.scope)))

    @router.get("/{name}")
    def one_tile(
        request: Request, name: str, asked: AskedFor, visitor: Visitor = sees_devices
    ) -> HTMLResponse:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            if name not in tiles_for(seen.scope):
                raise NotFound(_("There is no such tile."))
            return HTMLResponse(part(request, seen, name))

    return router
