"""The pages of one's own account: password, second factor, where one is signed in, and programs' tokens.

Reached by signed-in browsers alone: a program cannot give itself more than it was given.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.errors import BadInput, HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.passwords import Passwords
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity import own_account, second_factor, service, sessions, tokens
from hub.identity.access import Access
from hub.identity.forms import chosen_password
from hub.identity.role_words import PERMISSIONS, ROLES
from hub.identity.second_factor import Offer
from hub.identity.views import Visitor

HOME = "/me"

Text = Annotated[str, Form(max_length=2000)]
Label = Annotated[str, Form(max_length=100)]
Handle = Annotated[str, Path(max_length=64, pattern=r"^[0-9a-f]+$")]


def pages(workplace: Workplace, access: Access, passwords: Passwords, shown: Pages) -> Router:
    """The routes."""
    router = Router(prefix=HOME, include_in_schema=False)
    in_person = Depends(access.in_person)

    def page(
        request: Request, visitor: Visitor, error: HubError | None = None, **more: Any
    ) -> Response:
        with workplace.read() as work:
            seen = {
                "facilities": {f.id: f.name for f in service.facilities(work, visitor.scope)},
                "sessions": sessions.of_visitor(work, visitor, access.session_token(request)),
                "tokens": tokens.of_visitor(work, visitor),
                "zone": service.organisation(work, visitor.scope).time_zone,
            }
        return shown.show(
            request,
            "identity/me.html",
            status=error.status if error else 200,
            error=error,
            roles=ROLES,
            permissions={p: PERMISSIONS[p] for p in Permission if visitor.may(p)},
            **({"token": None, "done": None} | seen | more),
        )

    @router.get("")
    def me(request: Request, done: str | None = None, visitor: Visitor = in_person) -> Response:
        return page(request, visitor, done=done)

    @router.post("/password")
    def change_password(
        request: Request, current: Text, password: Text, again: Text, visitor: Visitor = in_person
    ) -> Response:
        try:
            chosen = chosen_password(password, again)
            own_account.change_password(
                workplace,
                passwords,
                visitor,
                access.caller(request),
                current=current,
                chosen=chosen,
            )
        except HubError as error:
            return page(request, visitor, error)
        return RedirectResponse(f"{HOME}?done=password", 303)

    @router.post("/sessions/end")
    def end_others(request: Request, visitor: Visitor = in_person) -> Response:
        with workplace.begin() as work:
            sessions.end_all(work, visitor.account.id, but=access.session_token(request))
        return RedirectResponse(f"{HOME}?done=sessions", 303)

    @router.post("/sessions/{handle}/end")
    def end_one(handle: Handle, visitor: Visitor = in_person) -> Response:
        with workplace.begin() as work:
            sessions.end_one(work, visitor, handle)
        return RedirectResponse(f"{HOME}?done=sessions", 303)

    @router.post("/tokens")
    def make_token(
        request: Request,
        label: Label,
        may: Annotated[Sequence[Permission], Form()] = (),
        visitor: Visitor = in_person,
    ) -> Response:
        try:
            with workplace.begin() as work:
                token = tokens.create(work, visitor.scope, visitor.account.name, label, may)
        except BadInput as error:
            return page(request, visitor, error)
        return page(request, visitor, token=token)

    @router.post("/tokens/{handle}/revoke")
    def revoke_token(handle: Handle, visitor: Visitor = in_person) -> Response:
        with workplace.begin() as work:
            tokens.revoke(work, visitor, handle)
        return RedirectResponse(f"{HOME}?done=token", 303)

    router.include(_second_factor(workplace, access, passwords, shown))
    return router


def _second_factor(
    workplace: Workplace, access: Access, passwords: Passwords, shown: Pages
) -> Router:
    router = Router(prefix="/second-factor")
    in_person = Depends(access.in_person)

    def page(
        request: Request, offer: Offer | None, error: HubError | None = None, codes: Any = None
    ) -> Response:
        status = error.status if error else 200
        return shown.show(
            request,
            "identity/second_factor.html",
            status=status,
            offer=offer,
            error=error,
            codes=codes,
        )

    @router.get("")
    def offered(request: Request, visitor: Visitor = in_person) -> Response:
        with workplace.read() as work:
            return page(request, second_factor.offer(work, visitor))

    @router.post("")
    def confirm(
        request: Request, sealed: Text, code: Text, visitor: Visitor = in_person
    ) -> Response:
        try:
            with workplace.begin() as work:
                codes = second_factor.confirm(work, visitor, sealed, code)
        except BadInput as error:
            with workplace.read() as work:
                return page(request, second_factor.offer(work, visitor, sealed), error)
        return page(request, None, codes=codes)

    @router.post("/remove")
    def remove(request: Request, current: Text, visitor: Visitor = in_person) -> Response:
        own_account.remove_second_factor(
            workplace, passwords, visitor, access.caller(request), current
        )
        return RedirectResponse(f"{HOME}?done=second_factor", 303)

    return router
