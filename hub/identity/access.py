"""Who is asking, and whether they may: the dependency that every route which is not public takes.

Decides how a visitor proves themselves (session cookie, or `Authorization: Bearer` for programs) and that a write by
cookie carries the session's CSRF token, in the header `X-CSRF-Token` or the form's field `csrf`.
"""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from hub.core.errors import Forbidden, NotSignedIn
from hub.core.http_guard import SAFE_METHODS
from hub.core.languages import COOKIE as LANGUAGE_COOKIE
from hub.core.pages import THEME_COOKIE
from hub.core.passwords import is_same, unmasked
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.identity import sessions, tokens
from hub.identity.rules import browser_name
from hub.identity.sessions import SignedIn
from hub.identity.signing_in import Caller
from hub.identity.views import Preferences, Visitor

YEAR_S = 365 * 24 * 3600

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Access:
    """Knows visitors by their cookie or token."""

    def __init__(self, workplace: Workplace, secure_cookies: bool) -> None:
        self._workplace = workplace
        self.is_secure = secure_cookies
        self._cookie = "__Host-wellheard" if secure_cookies else "wellheard"

    def may(self, permission: Permission) -> Callable[..., Awaitable[Visitor]]:
        """A dependency that gives the visitor, who sees where they have the permission; refuses who has it nowhere."""

        async def allowed(
            request: Request, visitor: Annotated[Visitor, Depends(self.visitor)]
        ) -> Visitor:
            await self._check_csrf(request, visitor)
            return visitor.where(permission)

        return allowed

    def visitor(self, request: Request) -> Visitor:
        """Who is asking; raises NotSignedIn."""
        kind, _blank, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            found = tokens.visitor_of(self._workplace, token.strip())
        else:
            with self._workplace.read() as work:
                found = sessions.visitor_of(work, self.session_token(request) or "")
        if found is None:
            raise NotSignedIn(_("Please sign in."))
        request.state.visitor = found
        return found

    def may_read_metrics(self, request: Request) -> None:
        """Programs on this machine that no proxy speaks for, and tokens that may see devices."""
        if not any(name in request.headers for name in _FORWARDED) and _is_loopback(request):
            return
        self.visitor(request).where(Permission.SEE_DEVICES)

    async def in_person(self, request: Request) -> Visitor:
        """A dependency for what somebody does with their own account: by a signed-in browser, never by a token."""
        visitor = await run_in_threadpool(self.visitor, request)
        await self._check_csrf(request, visitor)
        if visitor.secret is None:
            raise Forbidden(_("This is only open to people, not to programs."))
        return visitor

    def caller(self, request: Request) -> Caller:
        """The browser that wants to sign in."""
        return Caller(
            address=request.client.host if request.client else "unknown",
            browser=browser_name(request.headers.get("user-agent", "")),
            former_token=self.session_token(request),
        )

    def session_token(self, request: Request) -> str | None:
        """The browser's session, whether it still lasts or not."""
        return request.cookies.get(self._cookie)

    def remember(self, response: Response, signed_in: SignedIn) -> None:
        """Give the browser its new session, and its owner's language and appearance."""
        response.set_cookie(
            self._cookie,
            signed_in.token,
            httponly=True,
            samesite="lax",
            secure=self.is_secure,
            path="/",
        )
        self.prefer(response, signed_in.visitor.account.preferences)

    def prefer(self, response: Response, chosen: Preferences) -> None:
        """Have the browser keep what was chosen, which is no secret, for a year."""
        for cookie, value in ((LANGUAGE_COOKIE, chosen.language), (THEME_COOKIE, chosen.theme)):
            if value is not None:
                response.set_cookie(
                    cookie, value, max_age=YEAR_S, samesite="lax", secure=self.is_secure
                )

    def forget(self, response: Response) -> None:
        """Take the session from the browser."""
        response.delete_cookie(
            self._cookie, httponly=True, samesite="lax", secure=self.is_secure, path="/"
        )

    async def _check_csrf(self, request: Request, visitor: Visitor) -> None:
        if request.method in SAFE_METHODS or visitor.secret is None:
            return
        given = request.headers.get("x-csrf-token") or (await request.form()).get("csrf")
        if not isinstance(given, str) or not is_same(unmasked(given), visitor.secret):
            raise Forbidden(
                _("This page was too old to be used. Load it again. Nothing was changed.")
            )


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
