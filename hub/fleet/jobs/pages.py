"""The page of what one terminal is asked to do from afar: the commands, and what came of them."""

from typing import Annotated

from fastapi import Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from contract.jobs import Command
from contract.messages.envelope import Code, Identifier
from hub.core.errors import NotFound
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet import service as fleet
from hub.fleet.bulk import refusals_audited
from hub.fleet.jobs import files, service
from hub.fleet.jobs.batches import is_unbegun
from hub.fleet.jobs.words import CLOSED, COMMANDS, KINDS, OUTCOMES, TONES, state, why
from hub.identity.access import Access
from hub.identity.colleagues import names_by_actor
from hub.identity.service import facilities
from hub.identity.views import Visitor

MINUTES = 15
SHOWN = 50


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """For whoever manages devices."""
    router = Router(prefix="/devices/{device}/remote", include_in_schema=False)
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("")
    def page(
        request: Request,
        device: Annotated[Identifier, Path()],
        visitor: Visitor = manages_devices,
    ) -> Response:
        with workplace.read() as work:
            found = [one for one in fleet.devices(work, visitor.scope) if one.device == device]
            if not found:
                raise NotFound(_("There is no such device."))
            jobs = service.jobs(work, visitor.scope, device=device, most=SHOWN)
            kept = files.kept(work, visitor.scope, device)
            places = {place.id: place for place in facilities(work, visitor.scope)}
            staff = names_by_actor(work, visitor.scope, Permission.MANAGE_DEVICES)
        return shown.show(
            request,
            "fleet/remote.html",
            device=found[0],
            jobs=jobs,
            kept=kept,
            commands=COMMANDS,
            kinds=KINDS,
            states=OUTCOMES | CLOSED,
            tones=TONES,
            state=state,
            why=why,
            is_unbegun=is_unbegun,
            staff=staff,
            zone=places[found[0].facility].time_zone,
        )

    @router.post("")
    def command(
        device: Annotated[Identifier, Path()],
        kind: Annotated[Command, Form()],
        visitor: Visitor = manages_devices,
    ) -> Response:
        with refusals_audited(workplace, visitor.scope, f"command.{kind}") as work:
            job = service.new_command(work, kind, minutes=MINUTES)
            service.ask(work, visitor.scope, device, job)
        return RedirectResponse(f"/devices/{device}/remote", 303)

    @router.post("/{job}/take-back")
    def take_back(
        device: Annotated[Identifier, Path()],
        job: Annotated[Code, Path()],
        visitor: Visitor = manages_devices,
    ) -> Response:
        with refusals_audited(workplace, visitor.scope, "job.take_back") as work:
            service.take_back(work, visitor.scope, [job])
        return RedirectResponse(f"/devices/{device}/remote", 303)

    return router
