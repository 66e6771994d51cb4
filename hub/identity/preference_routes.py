"""The language and the appearance that a visitor has chosen: kept by their browser, and with the account.

Whoever signs in somewhere else finds them there again. Open to strangers too, for whom only the browser remembers.
"""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from hub.core.http_routes import Router
from hub.core.languages import Languages
from hub.core.pages import THEMES
from hub.core.unit_of_work import Workplace
from hub.identity import sessions
from hub.identity.access import Access
from hub.identity.rules import safe_next
from hub.identity.views import Preferences

Choice = Annotated[str | None, Form(max_length=40)]


def pages(workplace: Workplace, access: Access, languages: Languages) -> Router:
    """The form in the menu. No CSRF token is asked for: the guard refuses other sites, and nothing is at stake."""
    router = Router(include_in_schema=False)

    @router.post("/preferences")
    def choose(
        request: Request,
        language: Choice = None,
        theme: Choice = None,
        target: Annotated[str, Form(alias="next", max_length=2000)] = "/",
    ) -> Response:
        chosen = Preferences(
            language if language in languages.known else None, theme if theme in THEMES else None
        )
        if (token := access.session_token(request)) is not None:
            with workplace.begin() as work:
                sessions.prefer(work, token, chosen)
        response = RedirectResponse(safe_next(target), 303)
        access.prefer(response, chosen)
        return response

    return router
