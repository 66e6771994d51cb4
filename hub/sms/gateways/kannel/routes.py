"""What Kannel's smsbox asks of the hub: HTTP Basic with the secret of its gateway; answered when it is durable."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from starlette.concurrency import run_in_threadpool

from hub.core.errors import BadInput, NotSignedIn
from hub.core.http_routes import Router
from hub.core.texts import gettext as _
from hub.sms.gateways.calling import Callers
from hub.sms.gateways.intake import Intake
from hub.sms.gateways.kannel import headers
from hub.sms.gateways.kannel.gateway import KIND, KannelGateway
from hub.sms.gateways.port import DeliveryReport, Name

_basic = HTTPBasic(auto_error=False)
Login = Annotated[HTTPBasicCredentials | None, Depends(_basic)]


def webhooks(callers: Callers, intake: Intake) -> Router:
    """Messages that come in, and reports on those that went out. The empty answer is what smsbox sends no reply for."""
    router = Router(prefix=f"/sms/{KIND}/{{organisation}}/{{gateway}}", include_in_schema=False)

    async def caller(organisation: str, gateway: str, login: Login) -> Name:
        name = Name(organisation, gateway)
        found = callers.open_now(name, KannelGateway)
        if found is None:
            found = await run_in_threadpool(callers.find, name, KannelGateway)
        if found is None or login is None or not found.knows(login.username, login.password):
            raise NotSignedIn(_("This name and password do not belong together."))
        return name

    @router.post("/messages")
    async def message(
        request: Request,
        name: Annotated[Name, Depends(caller)],
        id: str = "",  # noqa: A002
    ) -> Response:
        try:
            inbound = headers.inbound(name, id, request.headers, await request.body())
        except headers.NotAMessage as error:
            raise BadInput("message", str(error)) from error
        await intake.take(inbound)
        return Response()

    @router.get("/reports")
    async def report(name: Annotated[Name, Depends(caller)], message: str, state: int) -> Response:
        reached = headers.state(state)
        if reached is not None:
            news = DeliveryReport(
                name.organisation, name.id, reached, message=message, reason=f"kannel_{state}"
            )
            await intake.take(news)
        return Response()

    return router
