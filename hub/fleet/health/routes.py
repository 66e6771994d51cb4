"""Alerts: their page, and the same for programs."""

from typing import Annotated, Any

from fastapi import Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from contract.messages.envelope import MAX_INT
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.fleet import service
from hub.fleet.health import choices
from hub.fleet.health.alerts import AlertView, acknowledge, alerts
from hub.fleet.health.words import said_of
from hub.identity.access import Access
from hub.identity.colleagues import address_of
from hub.identity.service import facilities
from hub.identity.views import Visitor

HOME = "/fleet/alerts"

AlertId = Annotated[int, Path(ge=1, le=MAX_INT)]


class ChoiceModel(BaseModel):
    """How one wants to hear of alerts oneself."""

    model_config = ConfigDict(extra="forbid")

    by_mail: bool = False
    by_push: bool = False


class ChoiceForm(BaseModel):
    """The same as a form has it, beside its token."""

    by_mail: bool = False
    by_push: bool = False


class AlertModel(BaseModel):
    """Something wrong with a terminal; `ended_ms` null while it holds, `times` how often it came so far."""

    id: int
    facility: str
    device: str
    check: str
    level: str
    reason: str
    raised_ms: int
    times: int
    came_ms: int
    ended_ms: int | None
    acknowledged_ms: int | None
    acknowledged_by: str | None


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """Seen by whoever may see devices, taken on by whoever may manage them."""
    router = Router(prefix=HOME, include_in_schema=False)
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    def page(request: Request, visitor: Visitor, template: str) -> HTMLResponse:
        with workplace.read() as work:
            return shown.show(
                request,
                template,
                alerts=alerts(work, visitor.scope),
                ended=alerts(work, visitor.scope, ended=True),
                devices={view.device: view for view in service.devices(work, visitor.scope)},
                places={place.id: place for place in facilities(work, visitor.scope)},
                said=alert_said,
                choice=choices.choice(work, visitor.scope, visitor.account.id),
                has_address=bool(address_of(work, visitor.scope, visitor.account.id)),
            )

    @router.get("")
    def alert_page(request: Request, visitor: Visitor = sees_devices) -> HTMLResponse:
        return page(request, visitor, "fleet/alerts.html")

    @router.get("/rows")
    def rows(request: Request, visitor: Visitor = sees_devices) -> HTMLResponse:
        return page(request, visitor, "fleet/alert_rows.html")

    @router.post("/choice")
    def choose(given: Annotated[ChoiceForm, Form()], visitor: Visitor = sees_devices) -> Response:
        with workplace.begin() as work:
            chosen = choices.Choice(given.by_mail, given.by_push)
            choices.choose(work, visitor.scope, visitor.account.id, chosen)
        return RedirectResponse(HOME, 303)

    @router.post("/{alert}/acknowledgement")
    def take_on(alert: AlertId, visitor: Visitor = manages_devices) -> Response:
        with workplace.begin() as work:
            acknowledge(work, visitor.scope, alert, visitor.account.name)
        return RedirectResponse(HOME, 303)

    return router


def api(workplace: Workplace, access: Access) -> Router:
    """For programs."""
    router = Router(prefix="/api/fleet/alerts", tags=["fleet"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("", response_model=list[AlertModel])
    def listed(ended: bool = False, visitor: Visitor = sees_devices) -> Any:
        """Alerts that hold; with `ended` the latest that do not any more."""
        with workplace.read() as work:
            return alerts(work, visitor.scope, ended=ended)

    @router.get("/choice", response_model=ChoiceModel)
    def choice(visitor: Visitor = sees_devices) -> Any:
        """One's own."""
        with workplace.read() as work:
            chosen = choices.choice(work, visitor.scope, visitor.account.id)
            return ChoiceModel(by_mail=chosen.by_mail, by_push=chosen.by_push)

    @router.put("/choice", status_code=204)
    def choose(given: ChoiceModel, visitor: Visitor = sees_devices) -> None:
        """From now on: an e-mail, a push to the browsers that may be woken, both or neither."""
        with workplace.begin() as work:
            chosen = choices.Choice(given.by_mail, given.by_push)
            choices.choose(work, visitor.scope, visitor.account.id, chosen)

    @router.post("/{alert}/acknowledgement", status_code=204)
    def take_on(alert: AlertId, visitor: Visitor = manages_devices) -> None:
        """Whoever takes an alert on first keeps it."""
        with workplace.begin() as work:
            acknowledge(work, visitor.scope, alert, visitor.account.name)

    return router


def alert_said(alert: AlertView) -> str:
    """What is or was wrong, in the reader's language."""
    return said_of(alert.check, alert.reason)
