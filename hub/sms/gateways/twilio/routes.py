"""Twilio's webhooks: signed with the account's token; answered when what they bring is durable."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from hub.core.errors import BadInput, Forbidden
from hub.core.http_routes import Router
from hub.core.texts import gettext as _
from hub.sms.gateways.calling import Callers
from hub.sms.gateways.intake import Intake
from hub.sms.gateways.port import DeliveryReport, DeliveryState, Inbound, Name
from hub.sms.gateways.twilio.gateway import KIND, TwilioGateway

NO_REPLY = "<Response/>"
_REACHED = {
    "sent": DeliveryState.SUBMITTED,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
}


def webhooks(callers: Callers, intake: Intake) -> Router:
    """Messages that come in, and reports on those that went out."""
    router = Router(prefix=f"/sms/{KIND}/{{organisation}}/{{gateway}}", include_in_schema=False)

    async def form(request: Request, organisation: str, gateway: str) -> dict[str, str]:
        """What a signed request brings; whoever cannot sign learns nothing of what there is."""
        found = await run_in_threadpool(callers.find, Name(organisation, gateway), TwilioGateway)
        given = {name: str(value) for name, value in (await request.form()).items()}
        what = request.url.path.rpartition("/")[2]
        asked = f"{what}?{request.url.query}" if request.url.query else what
        signature = request.headers.get("x-twilio-signature", "")
        if found is None or not found.signed(asked, given, signature):
            raise Forbidden(_("The signature is not of this account."))
        return given

    Form = Annotated[dict[str, str], Depends(form)]  # noqa: N806 - a type

    @router.post("/messages")
    async def message(organisation: str, gateway: str, given: Form) -> Response:
        if not given.get("MessageSid") or not given.get("From"):
            raise BadInput("message", "MessageSid and From: both are needed.")
        inbound = Inbound(
            organisation,
            gateway,
            given["MessageSid"],
            given["From"],
            given.get("To", ""),
            given.get("Body", ""),
        )
        await intake.take(inbound)
        return Response(NO_REPLY, media_type="text/xml")

    @router.post("/reports")
    async def report(organisation: str, gateway: str, given: Form, message: str) -> Response:
        reached = _REACHED.get(given.get("MessageStatus", ""))
        if reached is not None:
            reason = f"twilio_{given['ErrorCode']}" if given.get("ErrorCode") else ""
            news = DeliveryReport(
                organisation,
                gateway,
                reached,
                message=message,
                carrier_id=given.get("MessageSid"),
                reason=reason,
            )
            await intake.take(news)
        return Response(status_code=204)

    return router
