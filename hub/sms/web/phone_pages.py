"""The telephone on a page, in demonstrations alone: anybody texts with the clinic as a patient would.

What is written goes in as from any other gateway, and what is answered comes out by it. Which telephone it is stands
in the address, as a number from 1 on: the telephone numbers are invented.
"""

from secrets import randbelow
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.scope import Scope
from hub.core.unit_of_work import Workplace
from hub.sms.campaigns import definitions
from hub.sms.gateways.intake import store
from hub.sms.gateways.port import Inbound
from hub.sms.gateways.simulated.gateway import PHONE
from hub.sms.gateways.simulated.network import SimulatedNetwork

HOME = "/demo/phone"
TELEPHONES = 900
CLINIC = "960160206"
"""The number that is texted to."""
_MOST_LETTERS = 500

Telephone = Annotated[int, Path(ge=1, le=TELEPHONES)]


def pages(workplace: Workplace, scope: Scope, network: SimulatedNetwork, shown: Pages) -> Router:
    """Open to everybody: a demonstration has no patients. `scope` is the organisation that is texted with."""
    router = Router(prefix=HOME, include_in_schema=False)

    def show(request: Request, telephone: int, template: str) -> Response:
        number = number_of(telephone)
        values: dict[str, Any] = {
            "telephone": telephone,
            "number": number,
            "clinic": CLINIC,
            "messages": network.screen(number),
        }
        if template != "sms/phone_messages.html":
            with workplace.read() as work:
                values["demonstrations"] = definitions.demonstrations(work, scope)
        return shown.show(request, template, **values)

    @router.get("")
    def any_telephone() -> Response:
        return RedirectResponse(f"{HOME}/{1 + randbelow(TELEPHONES)}", 303)

    @router.get("/{telephone}")
    def one(request: Request, telephone: Telephone) -> Response:
        return show(request, telephone, "sms/phone.html")

    @router.get("/{telephone}/messages")
    def messages(request: Request, telephone: Telephone, seen: int = 0) -> Response:
        on_screen = network.screen(number_of(telephone))
        if (on_screen[-1].number if on_screen else 0) == seen:
            return Response(status_code=204)
        return show(request, telephone, "sms/phone_messages.html")

    @router.post("/{telephone}")
    def write(
        request: Request,
        telephone: Telephone,
        text: Annotated[str, Form(min_length=1, max_length=_MOST_LETTERS)],
    ) -> Response:
        number = number_of(telephone)
        network.wrote(number, text)
        store(workplace, Inbound(scope.organisation, PHONE, uuid4().hex, number, CLINIC, text))
        return show(request, telephone, "sms/phone_messages.html")

    return router


def number_of(telephone: int) -> str:
    """An invented mobile number, E.164."""
    return f"+34600100{telephone:03}"
