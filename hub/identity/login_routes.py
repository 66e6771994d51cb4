"""Signing in and out, by page and by API. The only routes besides the probes that are open to strangers."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from hub.core.errors import HubError, NotSignedIn, TooManyAttempts
from hub.core.pages import Pages
from hub.core.passwords import Passwords
from hub.core.unit_of_work import Workplace
from hub.identity import accounts
from hub.identity.access import Access
from hub.identity.accounts import SignedIn
from hub.identity.rules import safe_next
from hub.identity.schemas import Credentials, RoleModel, SessionModel, SignInName

NextInQuery = Annotated[str, Query(alias="next", max_length=2000)]
NextInForm = Annotated[str, Form(alias="next", max_length=2000)]
NameInForm = Annotated[SignInName, Form()]
FormText = Annotated[str, Form(max_length=2000)]


class SignIn:
    """Signs in whoever asks through a request."""

    def __init__(self, workplace: Workplace, passwords: Passwords, access: Access) -> None:
        self._workplace = workplace
        self._passwords = passwords
        self._access = access

    def __call__(self, request: Request, name: str, password: str) -> SignedIn:
        address = request.client.host if request.client else "unknown"
        former = self._access.session_token(request)
        return accounts.sign_in(
            self._workplace,
            self._passwords,
            name=name,
            password=password,
            address=address,
            former_token=former,
        )


def pages(workplace: Workplace, access: Access, sign_in: SignIn, shown: Pages) -> APIRouter:
    """The page to sign in with, and the button to sign out."""
    router = APIRouter(include_in_schema=False)

    def login_page(request: Request, target: str, name: str, error: HubError | None) -> Response:
        return shown.show(
            request,
            "identity/login.html",
            status=error.status if error else 200,
            next=safe_next(target),
            name=name,
            error=error,
        )

    @router.get("/login")
    def login(request: Request, target: NextInQuery = "/") -> Response:
        return login_page(request, target, "", None)

    @router.post("/login")
    def login_submitted(
        request: Request, name: NameInForm, password: FormText, target: NextInForm = "/"
    ) -> Response:
        try:
            signed_in = sign_in(request, name, password)
        except (NotSignedIn, TooManyAttempts) as error:
            return login_page(request, target, name, error)
        response = RedirectResponse(safe_next(target), 303)
        access.remember(response, signed_in)
        return response

    @router.post("/logout")
    def logout(request: Request) -> Response:
        response = RedirectResponse("/login", 303)
        end_session(workplace, access, request, response)
        return response

    return router


def api(workplace: Workplace, access: Access, sign_in: SignIn) -> APIRouter:
    """The same for programs with a cookie jar; others use an API token."""
    router = APIRouter(prefix="/api", tags=["signing in"])

    @router.post("/login", response_model=SessionModel)
    def login(request: Request, credentials: Credentials) -> Response:
        signed_in = sign_in(request, credentials.name, credentials.password)
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


def end_session(workplace: Workplace, access: Access, request: Request, response: Response) -> None:
    """Sign out. No CSRF token is asked for: the guard refuses other sites, and the session may have ended already."""
    token = access.session_token(request)
    if token is not None:
        with workplace.begin() as work:
            accounts.sign_out(work, token)
    access.forget(response)
