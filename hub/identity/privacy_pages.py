"""The pages of privacy: for how long things are kept, and what is kept of one telephone number.

The number comes in a form and never in an address, which logs and histories keep.
"""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from hub.core.errors import BadInput, HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.privacy import requests, retention
from hub.core.privacy.holders import Holders
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.identity import service
from hub.identity.access import Access
from hub.identity.entry_pages import FormFields
from hub.identity.views import FacilityView, Visitor

HOME = "/privacy"

Text = Annotated[str, Form(max_length=100)]


def pages(workplace: Workplace, access: Access, holders: Holders, shown: Pages) -> Router:
    """A patient's request, and below it for how long things are kept."""
    router = Router(include_in_schema=False)
    answers = Depends(access.may(Permission.ANSWER_PRIVACY))

    page = _page(workplace, holders, shown)
    router.include(_retention(workplace, answers, holders, page))
    router.include(_requests(workplace, answers, holders, page))
    return router


def _requests(
    workplace: Workplace, answers: Any, holders: Holders, page: Callable[..., Response]
) -> Router:
    router = Router(prefix=HOME)

    @router.post("/person")
    def person(request: Request, telephone: Text, visitor: Visitor = answers) -> Response:
        try:
            with workplace.begin() as work:
                found = requests.kept_of(work, visitor.scope, holders, telephone)
        except BadInput as error:
            return page(request, visitor, error, telephone=telephone)
        counts = {kind: len(things) for kind, things in found.items()}
        return page(request, visitor, found=counts, telephone=telephone)

    @router.post("/person/export")
    def export(telephone: Text, visitor: Visitor = answers) -> Response:
        with workplace.begin() as work:
            found = requests.kept_of(work, visitor.scope, holders, telephone)
        headers = {"Content-Disposition": 'attachment; filename="person.json"'}
        return Response(_written(found), media_type="application/json", headers=headers)

    @router.post("/person/erase")
    def erase(
        request: Request, telephone: Text, sure: Text = "", visitor: Visitor = answers
    ) -> Response:
        try:
            if sure != "yes":
                raise BadInput("sure", _("Say that you are sure: there is no way back."))
            with workplace.begin() as work:
                requests.erase(work, visitor.scope, holders, telephone)
        except BadInput as error:
            return page(request, visitor, error, telephone=telephone)
        return RedirectResponse(f"{HOME}?done=erased", 303)

    return router


def _retention(
    workplace: Workplace, answers: Any, holders: Holders, page: Callable[..., Response]
) -> Router:
    router = Router(prefix=HOME)

    @router.get("")
    def privacy(request: Request, visitor: Visitor = answers) -> Response:
        return page(request, visitor)

    @router.post("/retention")
    def keep(
        request: Request, facility: Text, form: FormFields, visitor: Visitor = answers
    ) -> Response:
        try:
            with workplace.begin() as work:
                for holder in holders:
                    days = _number(form, holder.kind)
                    retention.keep(work, visitor.scope, holder, facility, days)
        except BadInput as error:
            return page(request, visitor, error)
        return RedirectResponse(f"{HOME}?facility={facility}&done=kept", 303)

    return router


def _page(workplace: Workplace, holders: Holders, shown: Pages) -> Callable[..., Response]:
    def page(
        request: Request, visitor: Visitor, error: HubError | None = None, **more: Any
    ) -> Response:
        with workplace.read() as work:
            facilities = service.facilities(work, visitor.scope)
            here = _chosen(facilities, request.query_params.get("facility"))
            days = retention.days_kept(work, visitor.scope, holders, here.id) if here else {}
        seen: dict[str, Any] = {
            "holders": holders,
            "facilities": facilities,
            "facility": here,
            "days": days,
            "error": error,
            "found": None,
            "telephone": "",
            "done": request.query_params.get("done"),
        }
        status = error.status if error else 200
        return shown.show(request, "identity/privacy.html", status=status, **(seen | more))

    return page


def _chosen(facilities: list[FacilityView], wanted: str | None) -> FacilityView | None:
    return next((f for f in facilities if f.id == wanted), next(iter(facilities), None))


def _number(form: FormData, name: str) -> int:
    given = str(form.get(name, "")).strip()
    if not (given.isascii() and given.isdigit() and len(given) <= 5):
        raise BadInput(name, _("From one day to %(most)s days.") % {"most": retention.MOST_DAYS})
    return int(given)


def _written(found: Mapping[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2, default=str)
