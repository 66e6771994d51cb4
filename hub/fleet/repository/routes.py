"""HTTP of the repository: terminals fetch, operators' programs upload.

A terminal proves itself by its id and its password. Targets are sent in parts where a part is asked for (`Range`), and
nothing is sent that is there already (`ETag`).
"""

import hashlib
from pathlib import Path as File
from typing import Annotated, Any

from fastapi import Body, Depends, Header, Request
from fastapi.responses import FileResponse, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from hub.core.errors import NotFound, NotSignedIn
from hub.core.http_routes import Router
from hub.core.passwords import token_hash
from hub.core.permissions import Permission
from hub.core.scope import require
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet import registry
from hub.fleet.repository.repository import Repository
from hub.identity.access import Access
from hub.identity.views import Visitor

_basic = HTTPBasic(auto_error=False)

IfNoneMatch = Annotated[str, Header()]


class ReleaseModel(BaseModel):
    """A version that may be installed."""

    channel: str
    version: str


class NewKeys(BaseModel):
    """The hub's own, private."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    snapshot: str
    timestamp: str


class Published(BaseModel):
    """What an upload has come to: the files that were new, and all releases that there are now."""

    files: list[str]
    releases: list[ReleaseModel]


def for_terminals(workplace: Workplace, repository: Repository) -> Router:
    """What a TUF client asks for, below `/releases`."""
    router = Router(prefix="/releases", include_in_schema=False)

    def known(given: Annotated[HTTPBasicCredentials | None, Depends(_basic)]) -> None:
        if given is None:
            raise NotSignedIn(_("Please sign in."))
        with workplace.read() as work:
            hashed = token_hash(given.password)
            if registry.device_of_password(work, given.username, hashed) is None:
                raise NotSignedIn(_("This name and password do not belong together."))

    @router.get("/metadata/{name}", response_class=Response, dependencies=[Depends(known)])
    def metadata(name: str, if_none_match: IfNoneMatch = "") -> Response:
        content = repository.files.read(name)
        if content is None:
            return Response(status_code=404)  # as short as can be: every poll asks for a next root
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        if tag in if_none_match:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(content, media_type="application/json", headers={"ETag": tag})

    @router.get("/targets/{folder}/{name}", response_class=Response, dependencies=[Depends(known)])
    def target(folder: str, name: str, if_none_match: IfNoneMatch = "") -> Response:
        return _sent(repository.files.target(f"{folder}/{name}"), if_none_match)

    @router.get(
        "/targets/{folder}/wheels/{name}", response_class=Response, dependencies=[Depends(known)]
    )
    def wheel(folder: str, name: str, if_none_match: IfNoneMatch = "") -> Response:
        return _sent(repository.files.target(f"{folder}/wheels/{name}"), if_none_match)

    return router


def _sent(found: File | None, if_none_match: str) -> Response:
    """A target, or the part of it that is asked for; its tag is the SHA-256 of its name."""
    if found is None:
        return Response(status_code=404)
    tag = f'"{found.name.partition(".")[0]}"'
    if tag in if_none_match:
        return Response(status_code=304, headers={"ETag": tag})
    compressed = found.suffix == ".whl"  # and so it is not compressed once more on the way
    media_type = "application/zip" if compressed else "application/octet-stream"
    return FileResponse(found, headers={"ETag": tag}, media_type=media_type)


def for_operators(workplace: Workplace, access: Access, repository: Repository) -> Router:
    """What `wellheard release publish` asks for, below `/api/releases`."""
    router = Router(prefix="/api/releases", tags=["fleet"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))
    administers = Depends(access.may(Permission.ADMINISTER))

    @router.get("")
    def releases(_visitor: Visitor = sees_devices) -> list[ReleaseModel]:
        return _models(repository)

    @router.get("/keys")
    def keys(_visitor: Visitor = manages_devices) -> dict[str, dict[str, object]]:
        """The hub's public keys for snapshot and timestamp, which root has to name."""
        return repository.public_keys()

    @router.put("/keys", status_code=204)
    def take_keys(given: NewKeys, visitor: Visitor = administers) -> Response:
        """Private keys (PEM) that were made elsewhere; until a root names them, nothing is signed."""
        repository.take_over_keys(given.model_dump())
        with workplace.begin() as work:
            work.audit.record(visitor.scope, "releases.keys_taken", "releases")
        return Response(status_code=204)

    router.include(_publishing(workplace, repository, manages_devices))
    return router


def _publishing(workplace: Workplace, repository: Repository, manages_devices: Any) -> Router:
    """Signed files: in one piece, or one by one and then a snapshot."""
    router = Router()

    @router.post("/metadata")
    def take_metadata(
        files: Annotated[dict[str, str], Body()], visitor: Visitor = manages_devices
    ) -> Published:
        """Signed files by name, in one piece. The first root is believed on an administrator's word alone."""
        _check_root(visitor)
        given = {name: text.encode() for name, text in files.items()}
        return published(visitor, repository.publish(given))

    @router.head("/metadata/{name}", status_code=204)
    def has_metadata(name: str, _visitor: Visitor = manages_devices) -> Response:
        """Whether this file need not be uploaded."""
        return _whether(repository.has(name))

    @router.put("/metadata/{name}", status_code=204)
    async def stage_metadata(
        request: Request, name: str, _visitor: Visitor = manages_devices
    ) -> Response:
        """A signed file, which counts after the next `POST snapshot`."""
        await run_in_threadpool(repository.stage, name, await request.body())
        return Response(status_code=204)

    @router.post("/snapshot")
    def take_snapshot(visitor: Visitor = manages_devices) -> Published:
        """Have all that was uploaded count, as if it came in one piece."""
        _check_root(visitor)
        return published(visitor, repository.publish_staged())

    def _check_root(visitor: Visitor) -> None:
        if not repository.has_root():
            require(visitor.scope, Permission.ADMINISTER)

    def published(visitor: Visitor, new: list[str]) -> Published:
        if new:
            with workplace.begin() as work:
                told = ",".join(new)[:2000]
                work.audit.record(visitor.scope, "releases.published", "releases", files=told)
        return Published(files=new, releases=_models(repository))

    return router


def uploads(access: Access, repository: Repository) -> Router:
    """Of targets: their bytes, under the name by which they are served, with their SHA-256 in front."""
    router = Router(prefix="/api/releases/targets", tags=["fleet"])
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.api_route("/{folder}/{name}", methods=["GET", "HEAD"], status_code=204)
    def has_target(folder: str, name: str, _visitor: Visitor = manages_devices) -> Response:
        """Whether this one need not be uploaded."""
        return _whether(repository.files.target(f"{folder}/{name}") is not None)

    @router.api_route("/{folder}/wheels/{name}", methods=["GET", "HEAD"], status_code=204)
    def has_wheel(folder: str, name: str, _visitor: Visitor = manages_devices) -> Response:
        """Whether this one need not be uploaded."""
        return _whether(repository.files.target(f"{folder}/wheels/{name}") is not None)

    @router.put("/{folder}/{name}", status_code=204)
    async def take_target(
        request: Request, folder: str, name: str, _visitor: Visitor = manages_devices
    ) -> Response:
        """A lock file."""
        return await _taken(request, f"{folder}/{name}")

    @router.put("/{folder}/wheels/{name}", status_code=204)
    async def take_wheel(
        request: Request, folder: str, name: str, _visitor: Visitor = manages_devices
    ) -> Response:
        """A wheel."""
        return await _taken(request, f"{folder}/wheels/{name}")

    async def _taken(request: Request, served: str) -> Response:
        incoming = await run_in_threadpool(repository.files.receive, served)
        try:
            async for chunk in request.stream():
                await run_in_threadpool(incoming.write, chunk)
            await run_in_threadpool(incoming.keep)
        finally:
            await run_in_threadpool(incoming.drop)
        return Response(status_code=204)

    return router


def _whether(found: bool) -> Response:
    if not found:
        raise NotFound(_("There is no page or resource at this address."))
    return Response(status_code=204)


def _models(repository: Repository) -> list[ReleaseModel]:
    return [ReleaseModel(channel=r.channel, version=r.version) for r in repository.releases()]
