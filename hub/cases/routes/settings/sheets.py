"""Sheets to print: for each place a QR code to the form on which patients say what happened."""

from collections.abc import Mapping
from typing import Annotated, Any

import segno
from fastapi import Depends, Query, Request
from fastapi.responses import Response

from contract.messages.envelope import Identifier
from hub.cases.receipts import forms
from hub.cases.routes.settings.frame import HOME, Frame
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.identity.access import Access
from hub.identity.views import Visitor


def pages(frame: Frame, access: Access, address: str) -> Router:
    """The route; `address` is the hub's own, as telephones reach it."""
    router = Router(prefix=f"{HOME}/sheets", include_in_schema=False)
    sees = Depends(access.may(Permission.DIRECT_CASES))

    def read(work: UnitOfWork, scope: Scope, facility: str) -> Mapping[str, Any]:
        found = forms.addresses(work, scope, facility)
        at = address.rstrip("/")
        return {"sheets": [(name, f"{at}{path}", picture(f"{at}{path}")) for name, path in found]}

    @router.get("")
    def sheets(
        request: Request,
        facility: Annotated[Identifier | None, Query()] = None,
        visitor: Visitor = sees,
    ) -> Response:
        return frame.page(request, visitor, "sheets", read, facility=facility)

    return router


def picture(address: str) -> str:
    """A QR code that survives a quarter of it being smudged, as the source of an image."""
    return segno.make(address, error="q", micro=False).svg_data_uri(border=4, light="#fff")
