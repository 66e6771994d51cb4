"""The page of what one terminal is asked to do from afar: the commands, and what came of them."""

from typing import Annotated

from fastapi import Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from contract.jobs import CommandJob
from contract.messages.envelope import Identifier
from hub.core.errors import NotFound
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet import service as fleet
from hub.fleet.bulk import refusals_audited
from hub.fleet.jobs import files, service
from hub.fleet.jobs.routes import MINUTE_MS, Command
from hub.identity.access import Access
from hub.identity.views import Visitor

COMMANDS = {
    "restart": N_("Start the program anew"),
    "reboot": N_("Start the terminal anew"),
    "logs": N_("Fetch the log"),
    "diagnostics": N_("Fetch a diagnosis"),
    "screenshot": N_("Take a picture of the page"),
}
KINDS = COMMANDS | {"update": N_("Update"), "unknown": N_("Something that it could not read")}
OUTCOMES = {
    "asked": N_("asked"),
    "waiting": N_("waits"),
    "running": N_("under way"),
    "done": N_("done"),
    "failed": N_("failed"),
    "rejected": N_("rejected"),
}
CLOSED = {"taken_back": N_("taken back"), "silent": N_("no answer")}
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
        return shown.show(
            request,
            "fleet/remote.html",
            device=found[0],
            jobs=jobs,
            kept=kept,
            commands=COMMANDS,
            kinds=KINDS,
            outcomes=OUTCOMES,
            closed=CLOSED,
        )

    @router.post("")
    def command(
        device: Annotated[Identifier, Path()],
        kind: Annotated[Command, Form()],
        visitor: Visitor = manages_devices,
    ) -> Response:
        with refusals_audited(workplace, visitor.scope, f"command.{kind}") as work:
            until_ms = work.now_ms + MINUTES * MINUTE_MS
            job = CommandJob(job=service.new_name(), until_ms=until_ms, kind=kind)
            service.ask(work, visitor.scope, device, job)
        return RedirectResponse(f"/devices/{device}/remote", 303)

    return router
