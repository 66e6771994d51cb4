"""Photographs for terminals: HTTP Basic with the device's id and its password for the broker."""

from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from hub.core.errors import NotFound, NotSignedIn
from hub.core.http_routes import Router
from hub.core.objects import ObjectFolder
from hub.core.passwords import token_hash
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet import registry
from hub.identity.changes import has_photograph

_basic = HTTPBasic(auto_error=False)


def api(workplace: Workplace, folder: ObjectFolder) -> Router:
    """The one route; a terminal sees the photographs of its own facility."""
    router = Router(prefix="/api/device", tags=["fleet"])

    @router.get("/photographs/{sha256}", response_class=Response)
    def photograph(
        sha256: str, given: Annotated[HTTPBasicCredentials | None, Depends(_basic)]
    ) -> Response:
        """A JPEG."""
        if given is None:
            raise NotSignedIn(_("Please sign in."))
        with workplace.read() as work:
            hashed = token_hash(given.password)
            device = registry.device_of_password(work, given.username, hashed)
            if device is None:
                raise NotSignedIn(_("This name and password do not belong together."))
            scope = Scope(device.organisation, frozenset({device.facility}))
            known = has_photograph(work, scope, sha256)
        content = folder.find(sha256) if known else None
        if content is None:
            raise NotFound(_("There is no such photograph."))
        return Response(content, media_type="image/jpeg")

    return router
