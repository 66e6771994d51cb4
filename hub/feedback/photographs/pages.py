"""The page on which a facility decides whether photographs are taken with answers; and the pictures themselves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from contract.messages.envelope import MAX_INT, Identifier
from contract.photographs import Policy
from hub.core.errors import Conflict
from hub.core.http_routes import Router
from hub.core.objects import ObjectFolder
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import N_
from hub.core.unit_of_work import Workplace
from hub.feedback.photographs import policies
from hub.feedback.photographs.viewing import open_photograph
from hub.identity import service
from hub.identity.access import Access
from hub.identity.views import Visitor

LIST = "/photographing"
POLICIES: Mapping[Policy, tuple[str, str]] = MappingProxyType(
    {
        Policy.OFF: (N_("No photographs"), N_("No picture ever leaves a camera.")),
        Policy.BLURRED: (
            N_("Without faces"),
            N_("Every face is made unrecognisable on the terminal, before anything is kept."),
        ),
        Policy.FULL: (
            N_("With faces"),
            N_(
                "The screen says so, and patients can say no. Where a terminal's screen has no room for that, no faces."
            ),
        ),
    }
)

Facility = Annotated[Identifier, Path()]


class PolicyForm(BaseModel):
    """What was chosen; `version` is the one that was seen."""

    policy: Literal["off", "blurred", "full"]
    version: int


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """What is decided, who decided it, and the way back."""
    router = Router(prefix=LIST, include_in_schema=False)
    decides = Depends(access.may(Permission.ANSWER_PRIVACY))

    def page(
        request: Request,
        visitor: Visitor,
        facility: str | None,
        error: Conflict | None = None,
    ) -> Response:
        with workplace.read() as work:
            facilities = service.facilities(work, visitor.scope)
            here = next((f for f in facilities if f.id == facility), next(iter(facilities), None))
            known = policies.versions(work, visitor.scope, here.id) if here else []
        return shown.show(
            request,
            "feedback/photographing.html",
            status=error.status if error else 200,
            facilities=facilities,
            facility=here,
            known=known,
            policies=POLICIES,
            problem=error.detail if error else None,
            query=request.query_params,
        )

    @router.get("")
    def index(
        request: Request,
        facility: Annotated[str | None, Query()] = None,
        visitor: Visitor = decides,
    ) -> Response:
        return page(request, visitor, facility)

    @router.post("/{facility}")
    def change(
        request: Request,
        facility: Facility,
        form: Annotated[PolicyForm, Form()],
        visitor: Visitor = decides,
    ) -> Response:
        try:
            with workplace.begin() as work:
                made = policies.change(
                    work,
                    visitor.scope,
                    facility,
                    Policy.of(form.policy),
                    seen=form.version,
                    by=visitor.account.name,
                )
        except Conflict as error:
            return page(request, visitor, facility, error)
        return _back(facility, changed=made.version)

    @router.post("/{facility}/restore")
    def restore(
        facility: Facility, version: Annotated[int, Form()], visitor: Visitor = decides
    ) -> Response:
        by = visitor.account.name
        with workplace.begin() as work:
            policies.restore(work, visitor.scope, facility, version=version, by=by)
        return _back(facility)

    return router


def pictures(workplace: Workplace, access: Access, folder: ObjectFolder) -> Router:
    """A photograph for whoever may see it. Nothing on the way keeps a copy, and each view is in the audit log."""
    router = Router(include_in_schema=False)
    sees_photographs = Depends(access.may(Permission.SEE_PHOTOGRAPHS))

    @router.get("/answers/{answer}/photograph")
    def photograph(
        answer: Annotated[int, Path(ge=1, le=MAX_INT)], visitor: Visitor = sees_photographs
    ) -> Response:
        with workplace.begin() as work:
            picture = open_photograph(work, visitor.scope, answer, folder)
        headers = {"Cache-Control": "no-store", "Content-Disposition": "inline"}
        return Response(picture.content, media_type=picture.media_type, headers=headers)

    return router


def _back(facility: str, **more: object) -> Response:
    return RedirectResponse(f"{LIST}?{urlencode({'facility': facility, **more})}", 303)
