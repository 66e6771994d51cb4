"""The language and the appearance that a visitor has chosen, kept by their browser; open to strangers too."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from hub.core.languages import COOKIE as LANGUAGE_COOKIE
from hub.core.languages import Languages
from hub.core.pages import THEME_COOKIE, THEMES
from hub.identity.access import Access
from hub.identity.rules import safe_next

Choice = Annotated[str | None, Form(max_length=40)]


def pages(access: Access, languages: Languages) -> APIRouter:
    """The form in the menu. No CSRF token is asked for: the guard refuses other sites, and nothing is at stake."""
    router = APIRouter(include_in_schema=False)

    @router.post("/preferences")
    def choose(
        language: Choice = None,
        theme: Choice = None,
        target: Annotated[str, Form(alias="next", max_length=2000)] = "/",
    ) -> Response:
        response = RedirectResponse(safe_next(target), 303)
        if language is not None and language in languages.known:
            access.prefer(response, LANGUAGE_COOKIE, language)
        if theme is not None and theme in THEMES:
            access.prefer(response, THEME_COOKIE, theme)
        return response

    return router
