"""The pages on which terminals are taken in: one by the code on its screen, many by a table; and shut out."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form, Path, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, StringConstraints, ValidationError

from contract.messages.envelope import Identifier
from hub.core.errors import BadInput, Conflict, HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.row_problems import BadRows, RowProblem
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet import service
from hub.fleet.enrolment import expected, keys
from hub.fleet.enrolment.accepting import accept, look
from hub.fleet.enrolment.claims import Claim
from hub.fleet.enrolment.expected_csv import MOST_BYTES, read_expected
from hub.fleet.enrolment.schemas import Acceptance
from hub.identity.access import Access
from hub.identity.forms import new_id
from hub.identity.service import facilities, touchpoints
from hub.identity.views import Visitor

PAGE = "/fleet/enrol"
NOT_AN_ID = N_("Only small letters, digits and hyphens, please, and not more than 63.")
NOTHING: Mapping[str, str] = MappingProxyType({})
Typed = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class NewDeviceForm(BaseModel):
    """A new terminal; without an id it is given one after its name."""

    code: Typed
    name: Typed
    device: Typed = ""
    facility: Typed = ""
    touchpoint: Typed = ""


class EnrolPage:
    """The page with all its forms; `code` is the one that was typed."""

    def __init__(self, workplace: Workplace, shown: Pages) -> None:
        self._workplace = workplace
        self._shown = shown

    def __call__(
        self,
        request: Request,
        visitor: Visitor,
        code: str = "",
        *,
        given: Mapping[str, str] = NOTHING,
        problems: Mapping[str, str] = NOTHING,
        rows: Sequence[RowProblem] = (),
    ) -> Response:
        claim: Claim | None = None
        if code and "code" not in problems:
            try:
                claim = look(self._workplace, visitor, code)
            except HubError as error:
                problems = {**problems, "code": error.detail}
        with self._workplace.read() as work:
            found = _choices(work, visitor)
        return self._shown.show(
            request,
            "fleet/enrol.html",
            status=BadInput.status if problems or rows else 200,
            claim=claim,
            code=code,
            given=given,
            problems=problems,
            rows=rows,
            **found,
        )


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Taking one terminal in."""
    router = Router(include_in_schema=False)
    page = EnrolPage(workplace, shown)
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get(PAGE)
    def enrol_page(
        request: Request,
        code: Annotated[str, Query(max_length=20)] = "",
        visitor: Visitor = manages_devices,
    ) -> Response:
        return page(request, visitor, code)

    @router.post(PAGE)
    def take_in(
        request: Request, form: Annotated[NewDeviceForm, Form()], visitor: Visitor = manages_devices
    ) -> Response:
        try:
            device = form.device or new_id(form.name)
            given = Acceptance(
                device=device,
                facility=form.facility,
                name=form.name or device,
                touchpoint=form.touchpoint or None,
            )
            accept(workplace, visitor, form.code, given)
        except ValidationError as error:
            problems = {str(each["loc"][0]): _(NOT_AN_ID) for each in error.errors()}
        except (BadInput, Conflict) as error:
            problems = {error.field or "": error.detail}
        else:
            return RedirectResponse(f"/devices/{device}", 303)
        return page(request, visitor, form.code, given=form.model_dump(), problems=problems)

    @router.post(f"{PAGE}/replace")
    def replace(
        request: Request,
        code: Annotated[str, Form(max_length=20)],
        device: Annotated[Identifier, Form()],
        visitor: Visitor = manages_devices,
    ) -> Response:
        try:
            accept(workplace, visitor, code, Acceptance(device=device, replaces=True))
        except (BadInput, Conflict) as error:
            return page(request, visitor, code, problems={error.field or "": error.detail})
        return RedirectResponse(f"/devices/{device}", 303)

    return router


def many(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Expecting terminals by a table, and shutting one out."""
    router = Router(include_in_schema=False)
    page = EnrolPage(workplace, shown)
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.post(f"{PAGE}/table")
    def table(request: Request, table: UploadFile, visitor: Visitor = manages_devices) -> Response:
        content = table.file.read(MOST_BYTES + 1)
        try:
            with workplace.begin() as work:
                listed = expected.expect(work, visitor.scope, read_expected(content))
        except BadRows as bad:
            return page(request, visitor, rows=bad.problems)
        headers = {"Cache-Control": "no-store"}
        return shown.show(request, "fleet/expected.html", headers=headers, listed=listed)

    @router.post(f"{PAGE}/expected/{{device}}/forget")
    def forget(
        device: Annotated[Identifier, Path()], visitor: Visitor = manages_devices
    ) -> Response:
        with workplace.begin() as work:
            expected.forget(work, visitor.scope, device)
        return RedirectResponse(f"{PAGE}?{urlencode({'forgotten': device})}", 303)

    @router.post("/devices/{device}/revoke")
    def revoke(
        device: Annotated[Identifier, Path()], visitor: Visitor = manages_devices
    ) -> Response:
        with workplace.begin() as work:
            keys.revoke(work, visitor.scope, device)
        return RedirectResponse(f"/devices/{device}", 303)

    return router


def _choices(work: UnitOfWork, visitor: Visitor) -> dict[str, Any]:
    """What the forms offer, and who is expected."""
    places = {place.id: place.name for place in facilities(work, visitor.scope)}
    spots = [spot for spot in touchpoints(work, visitor.scope) if spot.inactive_ms is None]
    return {
        "places": places,
        "spots": {p: [s for s in spots if s.facility == p] for p in places},
        "devices": service.devices(work, visitor.scope),
        "expected": expected.waiting(work, visitor.scope),
    }
