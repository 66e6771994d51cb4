"""The pages of gateways: how each one does, what it is told, a message to try it, and what only a person can decide."""

from typing import Annotated, Any

from fastapi import Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from contract.messages.envelope import MAX_INT, Identifier
from hub.core.errors import BadInput, HubError, NotFound
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import service as identity
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.campaigns.policy import Policy
from hub.sms.conversations.speaking import Purpose, conversation_of
from hub.sms.gateways import balance, registry, service
from hub.sms.gateways.kinds import KINDS
from hub.sms.gateways.port import Name
from hub.sms.gateways.progress import State
from hub.sms.gateways.registry import Way
from hub.sms.gateways.service import Draft, Progress
from hub.sms.people.numbers import NoTelephone, mobile
from hub.sms.web import gateway_form, words
from hub.sms.web.gateway_form import GatewayForm

HOME = "/sms/gateways"
DAY_MS = 24 * 3600 * 1000
_UNDER_WAY = {State.WAITING, State.SENDING, State.ACCEPTED, State.SUBMITTED}

GatewayId = Annotated[Identifier, Path()]


async def _given(request: Request) -> FormData:
    return await request.form()


Given = Annotated[FormData, Depends(_given)]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """For administrators: a gateway is the whole organisation's."""
    router = Router(prefix=HOME, include_in_schema=False)
    keeps = Depends(access.may(Permission.ADMINISTER))

    @router.get("")
    def index(request: Request, visitor: Visitor = keeps) -> Response:
        return shown.show(request, "sms/gateways.html", **_all(workplace, visitor))

    @router.get("/rows")
    def rows(request: Request, visitor: Visitor = keeps) -> Response:
        return shown.show(request, "sms/gateway_rows.html", **_all(workplace, visitor))

    @router.post("/{gateway}/trial")
    def try_out(
        request: Request,
        gateway: GatewayId,
        telephone: Annotated[str, Form(max_length=40)] = "",
        visitor: Visitor = keeps,
    ) -> Response:
        try:
            with workplace.begin() as work:
                _send_trial(work, visitor, gateway, telephone)
        except BadInput as error:
            problems = {gateway: error.detail}
            told = {**_all(workplace, visitor), "problems": problems}
            return shown.show(request, "sms/gateways.html", status=BadInput.status, **told)
        return RedirectResponse(f"{HOME}#gateway-{gateway}", 303)

    @router.post("/{gateway}/removal")
    def remove(gateway: GatewayId, visitor: Visitor = keeps) -> Response:
        with workplace.begin() as work:
            registry.remove(work, visitor.scope, gateway)
            work.audit.record(visitor.scope, "gateway.removed", f"gateway/{gateway}")
        return RedirectResponse(HOME, 303)

    @router.post("/messages/{message}/decision")
    def decide(
        message: Identifier,
        send: Annotated[bool, Form()],
        conversation: Annotated[int | None, Form(ge=1, le=MAX_INT)] = None,
        visitor: Visitor = keeps,
    ) -> Response:
        """Asked on this page, or in the message's `conversation`, which is shown again."""
        with workplace.begin() as work:
            service.settle(work, visitor.scope, message, send=send)
            action = "message.sent_again" if send else "message.left"
            work.audit.record(visitor.scope, action, f"message/{message}")
        back = HOME if conversation is None else f"/sms/conversations/{conversation}"
        return RedirectResponse(back, 303)

    router.include(_editor(workplace, keeps, shown))
    return router


def _editor(workplace: Workplace, keeps: Any, shown: Pages) -> Router:
    """The form of a new gateway and of one that is there."""
    router = Router()

    def page(
        request: Request,
        visitor: Visitor,
        form: GatewayForm,
        refused: HubError | None = None,
        *,
        new: bool,
    ) -> Response:
        with workplace.read() as work:
            places = identity.facilities(work, visitor.scope)
        return shown.show(
            request,
            "sms/gateway_edit.html",
            status=refused.status if refused else 200,
            form=form,
            new=new,
            facilities=places,
            kinds=gateway_form.KIND_NAMES,
            offered=list(KINDS),
            problems={refused.field or "": refused.detail} if refused else {},
        )

    @router.get("/new")
    def blank(request: Request, kind: str = "modem", visitor: Visitor = keeps) -> Response:
        form = gateway_form.blank(kind if kind in KINDS else "modem")
        return page(request, visitor, form, new=True)

    @router.post("/new")
    def add(request: Request, given: Given, visitor: Visitor = keeps) -> Response:
        form = gateway_form.typed(_kind(str(given.get("kind", ""))), given)
        try:
            with workplace.begin() as work:
                _check_facility(work, visitor, form.facility)
                registry.add(work, visitor.scope, gateway_form.decided(form))
                work.audit.record(visitor.scope, "gateway.added", f"gateway/{form.id}")
        except HubError as error:
            return page(request, visitor, form, error, new=True)
        return RedirectResponse(f"{HOME}#gateway-{form.id}", 303)

    @router.get("/{gateway}/edit")
    def edit(request: Request, gateway: GatewayId, visitor: Visitor = keeps) -> Response:
        with workplace.read() as work:
            form = gateway_form.form_of(work.vault, _found(work, visitor, gateway))
        return page(request, visitor, form, new=False)

    @router.post("/{gateway}/edit")
    def change(
        request: Request, gateway: GatewayId, given: Given, visitor: Visitor = keeps
    ) -> Response:
        with workplace.read() as work:
            way = _found(work, visitor, gateway)
            before = registry.settings(work.vault, way)
        form = gateway_form.typed(_kind(way.kind), given, gateway)
        try:
            with workplace.begin() as work:
                _check_facility(work, visitor, form.facility)
                registry.change(work, visitor.scope, gateway_form.decided(form, before))
                work.audit.record(visitor.scope, "gateway.changed", f"gateway/{gateway}")
        except HubError as error:
            return page(request, visitor, form, error, new=False)
        return RedirectResponse(f"{HOME}#gateway-{gateway}", 303)

    return router


def _all(workplace: Workplace, visitor: Visitor) -> dict[str, Any]:
    """Each gateway with what it did in a day, and what waits for a decision."""
    with workplace.read() as work:
        ways = registry.ways(work, visitor.scope)
        counts = balance.balances(work, visitor.scope, work.now_ms - DAY_MS)
        trials = {way.name.id: _last_trial(work, visitor, way) for way in ways}
        senders = {way.name.id: _sender(work, way) for way in ways}
        places = {one.id: one for one in identity.facilities(work, visitor.scope)}
        doubtful = balance.unresolved(work, visitor.scope)
        told = {"waiting": balance.waiting(work, visitor.scope), "now_ms": work.now_ms}
    return {
        **told,
        "ways": ways,
        "counts": counts,
        "nothing": balance.NOTHING,
        "trials": trials,
        "follows_trial": any(one and one.state in _UNDER_WAY for one in trials.values()),
        "senders": senders,
        "places": places,
        "doubtful": [(one, conversation_of(one.subject)) for one in doubtful],
        "kinds": gateway_form.KIND_NAMES,
        "editable": set(KINDS),
        "deliveries": words.DELIVERIES,
        "problems": {},
    }


def _sender(work: UnitOfWork, way: Way) -> str:
    """What patients see, where the gateway knows it."""
    return str(registry.settings(work.vault, way).get("sender", ""))


def _trial_of(gateway: str) -> str:
    return f"{Purpose.TRIAL}:{gateway}"


def _last_trial(work: UnitOfWork, visitor: Visitor, way: Way) -> Progress | None:
    sent = service.progress(work, visitor.scope, [_trial_of(way.name.id)])
    return sent[-1] if sent else None


def _send_trial(work: UnitOfWork, visitor: Visitor, gateway: str, written: str) -> None:
    way = _found(work, visitor, gateway)
    places = identity.facilities(work, visitor.scope)
    facility = way.facility or next((one.id for one in places), "")
    if not facility:
        raise BadInput("telephone", _("There is no facility yet."))
    try:
        telephone = mobile(written, Policy().region)
    except NoTelephone as error:
        raise BadInput("telephone", _("This is not a telephone that receives SMS.")) from error
    text = _("Wellheard: this gateway works.")
    draft = Draft(telephone, text, Purpose.TRIAL, _trial_of(gateway), via=gateway, urgent=True)
    service.put(work, visitor.scope, facility, draft)
    work.audit.record(visitor.scope, "gateway.tried", f"gateway/{gateway}")


def _found(work: UnitOfWork, visitor: Visitor, gateway: str) -> Way:
    way = registry.find(work, Name(visitor.scope.organisation, gateway))
    if way is None:
        raise NotFound(_("There is no gateway of this name."))
    return way


def _kind(name: str) -> str:
    if name not in KINDS:
        raise NotFound(_("There is no gateway of this kind."))
    return name


def _check_facility(work: UnitOfWork, visitor: Visitor, facility: str) -> None:
    if facility and facility not in identity.time_zones(work, visitor.scope):
        raise BadInput("facility", _("There is no such facility."))
