"""The page of all terminals."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.fleet import service
from hub.identity.access import Access
from hub.identity.service import facilities
from hub.identity.views import Visitor


def pages(workplace: Workplace, access: Access, shown: Pages) -> APIRouter:
    """The page, and its rows when they are read again."""
    router = APIRouter(prefix="/fleet", include_in_schema=False)
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))

    @router.get("")
    def fleet_page(request: Request, visitor: Visitor = sees_devices) -> HTMLResponse:
        return shown.show(request, "fleet/fleet.html", **_found(workplace, visitor))

    @router.get("/rows")
    def rows(request: Request, visitor: Visitor = sees_devices) -> HTMLResponse:
        return shown.show(request, "fleet/fleet_rows.html", **_found(workplace, visitor))

    return router


def _found(workplace: Workplace, visitor: Visitor) -> dict[str, Any]:
    with workplace.read() as work:
        places = {place.id: place for place in facilities(work, visitor.scope)}
        return {"devices": service.devices(work, visitor.scope), "places": places}
