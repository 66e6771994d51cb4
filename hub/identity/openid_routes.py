"""To the identity provider and back; open to strangers, and there only where a provider is set."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.errors import NotSignedIn
from hub.core.http_routes import Router
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.identity import openid
from hub.identity.access import Access
from hub.identity.openid import Provider
from hub.identity.rules import safe_next

COOKIE = "wellheard-openid"
PATH = "/login/openid"
BACK = f"{PATH}/back"

Text = Annotated[str, Query(max_length=4000)]


def pages(workplace: Workplace, access: Access, provider: Provider) -> Router:
    """The two routes. The cookie between them is lax: the browser comes back from another site."""
    router = Router(include_in_schema=False)

    @router.get(PATH)
    def depart(target: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
        departure = openid.depart(workplace, provider, safe_next(target))
        response = RedirectResponse(departure.address, 303)
        response.set_cookie(
            COOKIE,
            departure.kept,
            max_age=openid.UNDERWAY_MS // 1000,
            path=PATH,
            httponly=True,
            samesite="lax",
            secure=access.is_secure,
        )
        return response

    @router.get(BACK)
    def arrive(request: Request, state: Text = "", code: Text = "") -> Response:
        kept = request.cookies.get(COOKIE, "")
        if not code or not kept:
            raise NotSignedIn(_("Please sign in again."))
        signed_in, target = openid.arrive(
            workplace, provider, access.caller(request), kept, state=state, code=code
        )
        response = RedirectResponse(safe_next(target), 303)
        access.remember(response, signed_in)
        response.delete_cookie(COOKIE, path=PATH)
        return response

    return router
