"""The pages of what several terminals were asked at once: all of it, one as it gets on, and the way back."""

from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import Code
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.fleet.bulk import refusals_audited
from hub.fleet.jobs import batches, files
from hub.fleet.jobs.words import TONES, state, why
from hub.fleet.service import devices
from hub.fleet.several import words
from hub.identity.access import Access
from hub.identity.colleagues import names_by_actor
from hub.identity.service import facilities, shared_time_zone
from hub.identity.views import Visitor

ASKED = "/fleet/asked"

BatchName = Annotated[Code, Path()]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Seen by whoever sees devices, taken back by whoever manages them."""
    router = Router(prefix=ASKED, include_in_schema=False)
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("")
    def index(request: Request, visitor: Visitor = sees_devices) -> Response:
        with workplace.read() as work:
            found = batches.batches(work, visitor.scope)
            staff = names_by_actor(work, visitor.scope, Permission.MANAGE_DEVICES)
            zone = shared_time_zone(work, visitor.scope)
        return shown.show(
            request,
            "fleet/asked.html",
            batches=found,
            zone=zone,
            staff=staff,
            names=words.DEEDS,
            states=words.STATES,
            tones=TONES,
        )

    def one(request: Request, batch: str, visitor: Visitor, template: str) -> Response:
        with workplace.read() as work:
            jobs = batches.batch(work, visitor.scope, batch)
            known = {view.device: view for view in devices(work, visitor.scope)}
            places = {place.id: place for place in facilities(work, visitor.scope)}
            kept = files.of_jobs(work, visitor.scope, [job.id for job in jobs])
            zone = shared_time_zone(work, visitor.scope, {job.facility for job in jobs})
            staff = names_by_actor(work, visitor.scope, Permission.MANAGE_DEVICES)
        return shown.show(
            request,
            template,
            batch=batch,
            jobs=jobs,
            zone=zone,
            unbegun=sum(map(batches.is_unbegun, jobs)),
            open=any(job.closed is None for job in jobs),
            devices=known,
            places=places,
            kept=kept,
            staff=staff,
            state=state,
            why=why,
            names=words.DEEDS,
            states=words.STATES,
            tones=TONES,
        )

    @router.get("/{batch}")
    def batch_page(request: Request, batch: BatchName, visitor: Visitor = sees_devices) -> Response:
        return one(request, batch, visitor, "fleet/asked_one.html")

    @router.get("/{batch}/rows")
    def rows(request: Request, batch: BatchName, visitor: Visitor = sees_devices) -> Response:
        return one(request, batch, visitor, "fleet/asked_rows.html")

    @router.post("/{batch}/take-back")
    def take_back(batch: BatchName, visitor: Visitor = manages_devices) -> Response:
        with refusals_audited(workplace, visitor.scope, "job.take_back") as work:
            batches.take_back(work, visitor.scope, batch)
        return RedirectResponse(f"{ASKED}/{batch}", 303)

    return router
