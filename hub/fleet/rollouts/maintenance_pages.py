"""The page of the hours in which facilities let their terminals install: rows that count once they are saved."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from contract.messages.envelope import Identifier
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.fleet.rollouts import maintenance
from hub.fleet.rollouts.hours_form import Row, clock, read, rows_of, typed
from hub.fleet.rollouts.schemas import MOST_WINDOWS
from hub.identity.access import Access
from hub.identity.refusals import Refusal, refusal
from hub.identity.service import facilities
from hub.identity.views import Visitor

HOURS = "/fleet/hours"


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Seen by whoever may see devices, set by whoever manages them."""
    router = Router(include_in_schema=False)
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    def page(
        request: Request,
        visitor: Visitor,
        facility: str = "",
        rows: Sequence[Row] = (),
        refused: Refusal | None = None,
    ) -> Response:
        """Everybody's hours as they are kept, one facility's as they are being changed."""
        with workplace.read() as work:
            places = facilities(work, visitor.scope)
            found = maintenance.windows(work, visitor.scope)
        shown_rows = {place.id: rows_of(found.get(place.id, [])) for place in places}
        if facility:
            shown_rows[facility] = list(rows)
        return shown.show(
            request,
            "fleet/hours.html",
            status=refused.status if refused else 200,
            places=places,
            windows=found,
            rows=shown_rows,
            changing=facility,
            problems=refused.errors if refused else {},
            most=MOST_WINDOWS,
            clock=clock,
        )

    @router.get(HOURS)
    def hours(request: Request, visitor: Visitor = sees_devices) -> Response:
        return page(request, visitor)

    @router.post(HOURS + "/{facility}")
    async def set_hours(
        request: Request,
        facility: Annotated[Identifier, Path()],
        visitor: Visitor = manages_devices,
    ) -> Response:
        """Save the rows, or show them with one more or one fewer (`act` is `save`, `add`, `remove-1`)."""
        form = await request.form()
        given = {name: [str(value) for value in form.getlist(name)] for name in form}
        return await run_in_threadpool(changed, request, visitor, facility, given)

    def changed(
        request: Request, visitor: Visitor, facility: str, given: Mapping[str, Sequence[str]]
    ) -> Response:
        rows, act = typed(given), given.get("act", ["save"])[0]
        if act == "add":
            return page(request, visitor, facility, [*rows, Row()][:MOST_WINDOWS])
        if act.startswith("remove-"):
            rows = [row for number, row in enumerate(rows) if act != f"remove-{number}"]
            return page(request, visitor, facility, rows)

        def deed(work: UnitOfWork, scope: Scope) -> None:
            maintenance.set_windows(work, scope, facility, read(rows), visitor.account.name)

        if refused := refusal(workplace, visitor, deed):
            return page(request, visitor, facility, rows, refused)
        return RedirectResponse(f"{HOURS}#place-{facility}", 303)

    return router
