"""REST of what terminals are asked to do: commands, one device or many at once, and the files that come of them."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from contract.jobs import Command
from contract.messages.envelope import Code, Identifier
from hub.core.errors import BadInput, NotSignedIn
from hub.core.http_routes import Router
from hub.core.passwords import token_hash
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet import registry
from hub.fleet.bulk import refusals_audited
from hub.fleet.jobs import batches, files, service
from hub.identity.access import Access
from hub.identity.views import Visitor

_basic = HTTPBasic(auto_error=False)


class NewCommand(BaseModel):
    """What these terminals are to do; nothing is asked of any if one of them is not the asker's."""

    model_config = ConfigDict(extra="forbid")

    kind: Command
    devices: Annotated[list[Identifier], Field(min_length=1, max_length=1000)]
    minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    """Not begun later than this."""


class JobModel(BaseModel):
    """One job of one terminal; `closed` is empty while it is still asked for."""

    id: str
    device: str
    facility: str
    kind: str
    asked_ms: int
    asked_by: str
    until_ms: int
    outcome: str
    step: str
    reason: str
    release: str | None
    heard_ms: int | None
    closed: str | None
    closed_ms: int | None
    batch: str | None
    """The same for all that were asked at once."""


def api(workplace: Workplace, access: Access) -> Router:
    """For operators."""
    router = Router(prefix="/api/device-jobs", tags=["fleet"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("", response_model=list[JobModel])
    def jobs(
        device: Annotated[Identifier | None, Query()] = None,
        batch: Annotated[Code | None, Query()] = None,
        visitor: Visitor = sees_devices,
    ) -> Any:
        with workplace.read() as work:
            return service.jobs(work, visitor.scope, device=device, batch=batch)

    @router.post("", status_code=201)
    def command(given: NewCommand, visitor: Visitor = manages_devices) -> dict[str, str]:
        """The jobs' names, by device."""
        with refusals_audited(workplace, visitor.scope, f"command.{given.kind}") as work:
            asked = batches.command(
                work, visitor.scope, given.kind, given.devices, minutes=given.minutes
            )
        return asked.jobs

    @router.delete("/batches/{batch}")
    def take_back_batch(
        batch: Annotated[Code, Path()], visitor: Visitor = manages_devices
    ) -> list[str]:
        """Ask no more for what has not begun of a batch; the names of those jobs."""
        with refusals_audited(workplace, visitor.scope, "job.take_back") as work:
            return batches.take_back(work, visitor.scope, batch)

    @router.delete("/{job}", status_code=204)
    def take_back(job: Annotated[Code, Path()], visitor: Visitor = manages_devices) -> Response:
        """Ask for it no more; of what has been begun, the end is still reported."""
        with refusals_audited(workplace, visitor.scope, "job.take_back") as work:
            service.take_back(work, visitor.scope, [job])
        return Response(status_code=204)

    @router.get("/{job}/file", response_class=Response)
    def file(job: Annotated[Code, Path()], visitor: Visitor = manages_devices) -> Response:
        """What the terminal has sent for it; that it was read is audited."""
        with workplace.begin() as work:
            found = files.read(work, visitor.scope, job)
        headers = {
            "Content-Disposition": f'attachment; filename="{found.name}"',
            "Cache-Control": "no-store",
        }
        return Response(found.content, media_type=found.media_type, headers=headers)

    return router


def for_terminals(workplace: Workplace) -> Router:
    """Where a terminal sends the file of a job that it was asked for: HTTP Basic, its id and its password."""
    router = Router(prefix="/api/device", tags=["fleet"])

    @router.post("/jobs/{job}/file", status_code=204)
    async def send(
        job: Annotated[Code, Path()],
        request: Request,
        given: Annotated[HTTPBasicCredentials | None, Depends(_basic)],
    ) -> Response:
        content = await _body(request)
        await run_in_threadpool(_keep, workplace, given, job, content)
        return Response(status_code=204)

    return router


def _keep(
    workplace: Workplace, given: HTTPBasicCredentials | None, job: str, content: bytes
) -> None:
    if given is None:
        raise NotSignedIn(_("Please sign in."))
    with workplace.begin() as work:
        hashed = token_hash(given.password)
        device = registry.device_of_password(work, given.username, hashed)
        if device is None:
            raise NotSignedIn(_("This name and password do not belong together."))
        files.keep(work, device, job, content)


async def _body(request: Request) -> bytes:
    content = b""
    async for piece in request.stream():
        content += piece
        if len(content) > files.LARGEST_BYTES:
            raise BadInput("file", _("A file of this kind or size is not taken."))
    return content
