"""The pages of alerts: what an e-mail's link leads to, and taking it on so that nobody else is told."""

from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import Identifier
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity import service as identity
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.alerts import chain
from hub.sms.alerts.chain import Alert
from hub.sms.web import words

AlertId = Annotated[Identifier, Path()]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Seen by the staff, taken on by whoever handles cases."""
    router = Router(prefix="/sms/alerts", include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_CASES))
    handles = Depends(access.may(Permission.HANDLE_CASES))

    def page(request: Request, visitor: Visitor, alerts: list[Alert], template: str) -> Response:
        with workplace.read() as work:
            places = {one.id: one for one in identity.facilities(work, visitor.scope)}
            untold = chain.untold(work, visitor.scope)
        values: dict[str, Any] = {
            "alerts": alerts,
            "places": places,
            "kinds": words.ALERTS,
            "untold": untold,
        }
        return shown.show(request, template, **values)

    @router.get("")
    def index(request: Request, visitor: Visitor = sees) -> Response:
        with workplace.read() as work:
            found = chain.listed(work, visitor.scope)
        return page(request, visitor, found, "sms/alerts.html")

    @router.get("/rows")
    def rows(request: Request, visitor: Visitor = sees) -> Response:
        with workplace.read() as work:
            found = chain.listed(work, visitor.scope)
        return page(request, visitor, found, "sms/alert_rows.html")

    @router.get("/{alert}")
    def one(request: Request, alert: AlertId, visitor: Visitor = sees) -> Response:
        with workplace.read() as work:
            found = chain.get(work, visitor.scope, alert)
        return page(request, visitor, [found], "sms/alerts.html")

    @router.post("/{alert}/acknowledgement")
    def acknowledge(alert: AlertId, visitor: Visitor = handles) -> Response:
        with workplace.begin() as work:
            chain.acknowledge(work, visitor.scope, alert, visitor.account.name)
        return RedirectResponse(f"/sms/alerts/{alert}", 303)

    return router
