"""Signing in and out, by page and by API. With links to choose a password, the only routes open to strangers."""

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from hub.core.errors import HubError, NotSignedIn, TooManyAttempts
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.passwords import Passwords
from hub.core.unit_of_work import Workplace
from hub.identity import sessions, signing_in
from hub.identity.access import Access
from hub.identity.rules import safe_next
from hub.identity.schemas import Credentials, RoleModel, SessionModel, SignInName
from hub.identity.sessions import SignedIn
from hub.identity.signing_in import CodeNeeded

NextInQuery = Annotated[str, Query(alias="next", max_length=2000)]
NextInForm = Annotated[str, Form(alias="next", max_length=2000)]
NameInForm = Annotated[SignInName, Form()]
FormText = Annotated[str, Form(max_length=2000)]


def pages(
    workplace: Workplace,
    access: Access,
    passwords: Passwords,
    shown: Pages,
    openid_name: str | None = None,
) -> Router:
    """The page to sign in with, the one that asks for a code, and the button to sign out.

    `openid_name` is what the identity provider is called, where there is one.
    """
    router = Router(include_in_schema=False)

    def login_page(request: Request, target: str, name: str, error: HubError | None) -> Response:
        return shown.show(
            request,
            "identity/login.html",
            status=_status(error),
            next=safe_next(target),
            name=name,
            error=error,
            openid_name=openid_name,
        )

    def code_page(
        request: Request, target: str, challenge: str, error: HubError | None
    ) -> Response:
        return shown.show(
            request,
            "identity/login_code.html",
            status=_status(error),
            next=safe_next(target),
            challenge=challenge,
            error=error,
        )

    @router.get("/login")
    def login(request: Request, target: NextInQuery = "/") -> Response:
        return login_page(request, target, "", None)

    @router.post("/login")
    def login_submitted(
        request: Request, name: NameInForm, password: FormText, target: NextInForm = "/"
    ) -> Response:
        caller = access.caller(request)
        try:
            signed_in = signing_in.sign_in(
                workplace, passwords, caller, name=name, password=password
            )
        except CodeNeeded as needed:
            return code_page(request, target, needed.challenge, None)
        except (NotSignedIn, TooManyAttempts) as error:
            return login_page(request, target, name, error)
        return _in(access, target, signed_in)

    @router.post("/login/code")
    def code_submitted(
        request: Request, challenge: FormText, code: FormText, target: NextInForm = "/"
    ) -> Response:
        try:
            signed_in = signing_in.answer(workplace, access.caller(request), challenge, code)
        except (NotSignedIn, TooManyAttempts) as error:
            again = error.field == "code"
            return (
                code_page(request, target, challenge, error)
                if again
                else login_page(request, target, "", error)
            )
        return _in(access, target, signed_in)

    @router.post("/logout")
    def logout(request: Request) -> Response:
        response = RedirectResponse("/login", 303)
        end_session(workplace, access, request, response)
        return response

    return router


def api(workplace: Workplace, access: Access, passwords: Passwords) -> Router:
    """The same for programs with a cookie jar; others use an API token."""
    router = Router(prefix="/api", tags=["signing in"])

    @router.post("/login", response_model=SessionModel)
    def login(request: Request, given: Credentials) -> Response:
        """Where the account has a second factor, `code` is needed as well."""
        caller = access.caller(request)
        signed_in = signing_in.sign_in(
            workplace, passwords, caller, name=given.name, password=given.password, code=given.code
        )
        account = signed_in.visitor.account
        shown = SessionModel(
            account=account.name,
            organisation=account.organisation,
            roles=[RoleModel(**grant._asdict()) for grant in account.grants],
            csrf=signed_in.visitor.csrf or "",
            expires_ms=signed_in.expires_ms,
        )
        response = JSONResponse(shown.model_dump())
        access.remember(response, signed_in)
        return response

    @router.post("/logout", status_code=204)
    def logout(request: Request) -> Response:
        response = Response(status_code=204)
        end_session(workplace, access, request, response)
        return response

    return router


def _status(error: HubError | None) -> int:
    return error.status if error else 200


def _in(access: Access, target: str, signed_in: SignedIn) -> Response:
    response = RedirectResponse(safe_next(target), 303)
    access.remember(response, signed_in)
    return response


def end_session(workplace: Workplace, access: Access, request: Request, response: Response) -> None:
    """Sign out. No CSRF token is asked for: the guard refuses other sites, and the session may have ended already."""
    token = access.session_token(request)
    if token is not None:
        with workplace.begin() as work:
            sessions.end(work, token)
    access.forget(response)
