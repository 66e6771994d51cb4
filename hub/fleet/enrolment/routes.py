"""REST for whoever takes terminals in, expects them, or shuts them out."""

from typing import Annotated, Any

from fastapi import Body, Depends, Path, Response

from contract.messages.envelope import Identifier
from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.fleet.enrolment import expected, keys
from hub.fleet.enrolment.accepting import accept, look
from hub.fleet.enrolment.expected_csv import MOST_BYTES, read_expected
from hub.fleet.enrolment.schemas import Acceptance, ExpectedModel, ListedModel, SeenClaimModel
from hub.identity.access import Access
from hub.identity.views import Visitor

Code = Annotated[str, Path(max_length=20)]
DeviceId = Annotated[Identifier, Path()]


def api(workplace: Workplace, access: Access) -> Router:
    """The routes."""
    router = Router(prefix="/api", tags=["fleet"])
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("/enrolment/codes/{code}", response_model=SeenClaimModel)
    def seen(code: Code, visitor: Visitor = manages_devices) -> Any:
        """The terminal that shows this code."""
        return look(workplace, visitor, code)

    @router.post("/enrolment/codes/{code}", status_code=204)
    def accepted(code: Code, given: Acceptance, visitor: Visitor = manages_devices) -> Response:
        """Take the terminal in, as a new device or in the place of one."""
        accept(workplace, visitor, code, given)
        return Response(status_code=204)

    @router.post("/enrolment/expected", status_code=201, response_model=list[ListedModel])
    def expect(
        table: Annotated[bytes, Body(media_type="text/csv")], visitor: Visitor = manages_devices
    ) -> Any:
        """Expect the terminals of a table: device, facility, name, and touchpoint and serial where they are known.

        All of them or, when anything is wrong with a line, none.
        """
        if len(table) > MOST_BYTES:
            raise BadInput("body", _("The table is larger than 1 MB. Divide it into several."))
        with workplace.begin() as work:
            return expected.expect(work, visitor.scope, read_expected(table))

    @router.get("/enrolment/expected", response_model=list[ExpectedModel])
    def waiting(visitor: Visitor = manages_devices) -> Any:
        """Who is expected and has not come yet."""
        with workplace.read() as work:
            return expected.waiting(work, visitor.scope)

    @router.delete("/enrolment/expected/{device}", status_code=204)
    def forget(device: DeviceId, visitor: Visitor = manages_devices) -> Response:
        with workplace.begin() as work:
            expected.forget(work, visitor.scope, device)
        return Response(status_code=204)

    @router.post("/devices/{device}/revoke", status_code=204)
    def revoke(device: DeviceId, visitor: Visitor = manages_devices) -> Response:
        """Shut a terminal out; another can take its place."""
        with workplace.begin() as work:
            keys.revoke(work, visitor.scope, device)
        return Response(status_code=204)

    return router
