"""The organisation's own words for statuses: the page of them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response

from contract.messages.envelope import Code, Identifier
from hub.cases.casework import listing
from hub.cases.routes.schemas import LabelModel
from hub.cases.routes.settings.frame import HOME, FacilityId, Frame, back
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.identity.access import Access
from hub.identity.entry_pages import FormFields
from hub.identity.forms import new_id
from hub.identity.views import Visitor

LabelId = Annotated[Code, Path()]
NEW = "new"


def pages(frame: Frame, access: Access) -> Router:
    """The routes."""
    router = Router(prefix=f"{HOME}/labels", include_in_schema=False)
    directs = Depends(access.may(Permission.DIRECT_CASES))

    @router.get("")
    def labels(
        request: Request,
        facility: Annotated[Identifier | None, Query()] = None,
        visitor: Visitor = directs,
    ) -> Response:
        return frame.page(request, visitor, "labels", _all, facility=facility)

    @router.post("/{facility}/{label}")
    def save(
        request: Request,
        facility: FacilityId,
        label: LabelId,
        form: FormFields,
        visitor: Visitor = directs,
    ) -> Response:
        """A new one, another name, out of use or back, as the form says."""
        said = {name: str(form.get(name, "")) for name in ("name", "status")}

        def deed(work: UnitOfWork, scope: Scope) -> None:
            given = LabelModel.model_validate(said | {"active": "out" not in form})
            listing.set_label(
                work,
                scope,
                facility,
                new_id(given.name) if label == NEW else label,
                name=given.name,
                status=given.status,
                active=given.active,
            )

        refusal = frame.refusal(visitor, deed)
        if refusal is None:
            return back("labels", facility, **({"done": label} if "out" in form else {}))
        given = {"given": said} if label == NEW else {}
        return frame.page(
            request, visitor, "labels", _all, facility=facility, refusal=refusal, given=given
        )

    return router


def _all(work: UnitOfWork, scope: Scope, facility: str) -> Mapping[str, Any]:
    found = listing.labels(work, scope, facility, with_unused=True)
    return {"labels": found, "given": {"name": "", "status": ""}}
