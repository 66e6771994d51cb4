"""The pages on which somebody asks for a new password by e-mail, and chooses one by the link; open to strangers."""

from typing import Annotated

from fastapi import Form, Path, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.errors import BadInput, NotFound, TooManyAttempts
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.passwords import Passwords
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.identity import links
from hub.identity.access import Access
from hub.identity.forms import chosen_password
from hub.identity.links import Addresses

Text = Annotated[str, Form(max_length=2000)]
Token = Annotated[str, Path(max_length=100)]


def pages(
    workplace: Workplace,
    access: Access,
    passwords: Passwords,
    addresses: Addresses,
    shown: Pages,
) -> Router:
    """The routes."""
    router = Router(prefix="/password", include_in_schema=False)

    @router.get("")
    def forgotten(request: Request, sent: bool = False) -> Response:
        return shown.show(request, "identity/forgotten.html", sent=sent, error=None)

    @router.post("")
    def ask(request: Request, email: Text) -> Response:
        try:
            links.ask_for_reset(workplace, addresses, email, access.caller(request).address)
        except TooManyAttempts as error:
            return shown.show(
                request, "identity/forgotten.html", status=error.status, sent=False, error=error
            )
        return RedirectResponse("/password?sent=true", 303)

    def choosing(request: Request, token: str, error: BadInput | None) -> Response:
        status = error.status if error else 200
        return shown.show(
            request, "identity/choose_password.html", status=status, token=token, error=error
        )

    @router.get("/{token}")
    def link(request: Request, token: Token) -> Response:
        with workplace.read() as work:
            if not links.is_good(work, token):
                raise NotFound(_("This link has been used or is too old. Ask for a new one."))
        return choosing(request, token, None)

    @router.post("/{token}")
    def choose(request: Request, token: Token, password: Text, again: Text) -> Response:
        with workplace.read() as work:
            if not links.is_good(work, token):
                raise NotFound(_("This link has been used or is too old. Ask for a new one."))
        try:
            hashed = passwords.hash(chosen_password(password, again))
        except BadInput as error:
            return choosing(request, token, error)
        with workplace.begin() as work:
            links.choose_password(work, token, hashed)
        return RedirectResponse("/login", 303)

    return router
