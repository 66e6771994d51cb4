"""The page of settings: a layer's fields, what was changed when and by whom, and the way back."""

from typing import Annotated, Any

from fastapi import Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.errors import BadInput, Conflict
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet import service as fleet
from hub.fleet import tagging
from hub.fleet.configuration import reports, service
from hub.fleet.configuration.fields import FIELDS, SECTIONS, TITLES, read, written
from hub.fleet.configuration.rules import merged, origins
from hub.fleet.configuration.service import KINDS, Kind
from hub.identity.access import Access
from hub.identity.colleagues import names_by_actor
from hub.identity.service import facilities, organisation
from hub.identity.views import Visitor

HOME = "/fleet/settings"

Subject = Annotated[str, Query(max_length=63)]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """For whoever manages devices."""
    router = Router(prefix=HOME, include_in_schema=False)
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    def page(
        request: Request,
        visitor: Visitor,
        kind: Kind,
        subject: str,
        *,
        problem: BadInput | Conflict | None = None,
        typed: dict[str, str] | None = None,
    ) -> Response:
        with workplace.read() as work:
            found = _layer(work, visitor, kind, subject)
        return shown.show(
            request,
            "fleet/settings.html",
            status=problem.status if problem else 200,
            problem=problem,
            typed=typed,
            **found,
        )

    @router.get("")
    def show(
        request: Request,
        kind: Annotated[Kind, Query()] = "facility",
        subject: Subject = "",
        visitor: Visitor = manages_devices,
    ) -> Response:
        if kind == "facility" and not subject:
            with workplace.read() as work:
                known = facilities(work, visitor.scope)
            if not known:
                kind = "organisation"
            else:
                subject = known[0].id
        return page(request, visitor, kind, subject)

    @router.post("")
    async def change(
        request: Request,
        kind: Annotated[Kind, Query()],
        subject: Subject = "",
        visitor: Visitor = manages_devices,
    ) -> Response:
        form = await request.form()
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        after = int(typed.get("after", "0")) if typed.get("after", "0").isdigit() else 0
        try:
            with workplace.begin() as work:
                known = service.history(work, visitor.scope, kind, subject)
                values = read(typed, known[0].values if known else {})
                service.set_layer(work, visitor.scope, kind, subject, values, after=after)
        except (BadInput, Conflict) as error:
            return page(request, visitor, kind, subject, problem=error, typed=typed)
        return _back(request)

    @router.post("/restore")
    def restore(
        request: Request,
        *,
        version: Annotated[int, Form(ge=1)],
        after: Annotated[int, Form(ge=0)],
        kind: Annotated[Kind, Query()],
        subject: Subject = "",
        visitor: Visitor = manages_devices,
    ) -> Response:
        with workplace.begin() as work:
            service.restore(work, visitor.scope, kind, subject, version, after=after)
        return _back(request)

    return router


def _back(request: Request) -> Response:
    return RedirectResponse(f"{HOME}?{request.url.query}", 303)


def _layer(work: UnitOfWork, visitor: Visitor, kind: Kind, subject: str) -> dict[str, Any]:
    scope = visitor.scope
    versions = service.history(work, scope, kind, subject)
    places = facilities(work, scope)
    devices = fleet.devices(work, scope)
    zones = {place.id: place.time_zone for place in places}
    standing = {one.device: one.facility for one in devices} if kind == "device" else {}
    device = None
    if kind == "device":
        layers = service.layers_of(work, scope, subject)
        said = reports.reported(work, scope, subject)
        device = {"values": merged(layers), "origins": origins(layers), "reported": said}
    return {
        "kind": kind,
        "subject": subject,
        "kinds": KINDS,
        "versions": versions,
        "values": versions[0].values if versions else {},
        "fields": FIELDS,
        "sections": SECTIONS,
        "staff": names_by_actor(work, scope, Permission.MANAGE_DEVICES),
        "zone": zones.get(standing.get(subject, subject), organisation(work, scope).time_zone),
        "titles": TITLES,
        "written": written,
        "device": device,
        "places": places,
        "tags": sorted({tag for given in tagging.tags(work, scope).values() for tag in given}),
        "devices": devices,
    }
