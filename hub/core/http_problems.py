"""How an error looks: problem+json (RFC 9457) for programs, a page for people.

A page says what happened, what is safe, and what to do. Neither quotes what was sent, nor how the hub works inside.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from contract.validation import own_words
from hub.core.db import is_unavailable
from hub.core.errors import BadInput, HubError, NotFound, NotSignedIn, TooManyAttempts, Unavailable
from hub.core.pages import Pages
from hub.core.row_problems import BadRows
from hub.core.texts import gettext as _

PROBLEM = "application/problem+json"


class FieldProblem(BaseModel):
    """One field that is not right, and why."""

    field: str
    detail: str


class Problem(BaseModel):
    """An error as a program reads it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[FieldProblem] | None = None


class Problems:
    """Answers errors; `install` is called once, by the composition root."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def install(self, app: FastAPI) -> None:
        """Make every error of the application answered here."""
        app.add_exception_handler(HubError, self._on_hub_error)
        app.add_exception_handler(RequestValidationError, self._on_invalid)
        app.add_exception_handler(HTTPException, self._on_http)
        app.add_exception_handler(SQLAlchemyError, self._on_database)

    def answer(self, request: Request, error: HubError) -> Response:
        """The response for one error."""
        if isinstance(error, NotSignedIn) and _wants_page(request) and request.method == "GET":
            return RedirectResponse(f"/login?{urlencode({'next': _here(request)})}", 303)
        rows = _row_problems(error) if isinstance(error, BadRows) else None
        problem = Problem(
            title=_(error.title),
            status=error.status,
            detail=error.detail,
            field=rows[0].field if rows else error.field,
            errors=rows,
        )
        return self._respond(request, problem, _headers(error))

    def _respond(
        self, request: Request, problem: Problem, headers: dict[str, str] | None = None
    ) -> Response:
        if _wants_page(request):
            return self._pages.show(
                request, "core/error.html", status=problem.status, headers=headers, problem=problem
            )
        content = problem.model_dump(exclude_none=True)
        return JSONResponse(content, problem.status, headers, media_type=PROBLEM)

    def _on_hub_error(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HubError)  # noqa: S101 - registered for it alone
        return self.answer(request, error)

    def _on_invalid(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
        fields = [_field_problem(found) for found in error.errors()]
        first = fields[0] if fields else FieldProblem(field="body", detail=_("is not valid"))
        problem = Problem(
            title=_(BadInput.title),
            status=BadInput.status,
            detail=f"{first.field}: {first.detail}",
            field=first.field,
            errors=fields,
        )
        return self._respond(request, problem)

    def _on_http(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        if error.status_code == NotFound.status:
            return self.answer(
                request, NotFound(_("There is no page or resource at this address."))
            )
        title = HTTPStatus(error.status_code).phrase
        problem = Problem(title=title, status=error.status_code, detail=str(error.detail))
        return self._respond(request, problem, dict(error.headers or {}))

    def _on_database(self, request: Request, error: Exception) -> Response:
        if not is_unavailable(error):
            raise error
        return self.answer(
            request,
            Unavailable(
                _("The database cannot be reached. Nothing was changed; try again shortly.")
            ),
        )


def _field_problem(found: Mapping[str, Any]) -> FieldProblem:
    location: Sequence[Any] = found.get("loc", ())
    inside = [str(part) for part in location[1:]] or [str(part) for part in location]
    if found.get("type") == "json_invalid":
        return FieldProblem(field="body", detail=_("is not valid JSON"))
    said = own_words(str(found.get("msg", _("is not valid"))))
    return FieldProblem(field=".".join(inside), detail=said)


def _row_problems(bad: BadRows) -> list[FieldProblem]:
    return [FieldProblem(field=f"line {p.line}.{p.field}", detail=p.detail) for p in bad.problems]


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get(
        "accept", ""
    )


def _here(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return quote(request.url.path, safe="/") + query


def _headers(error: HubError) -> dict[str, str]:
    if isinstance(error, TooManyAttempts):
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    return {}
