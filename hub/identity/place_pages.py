"""The pages on which an administrator looks after touchpoints."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from contract.messages.envelope import Code
from hub.core.errors import BadInput, Conflict
from hub.core.pages import Pages
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import changes, service
from hub.identity.access import Access
from hub.identity.forms import TouchpointForm, new_id, sentences
from hub.identity.rules import Permission
from hub.identity.schemas import NewTouchpoint
from hub.identity.views import TouchpointView, Visitor

LIST = "/touchpoints"

TouchpointId = Annotated[Code, Path()]
NO_ERRORS: Mapping[str, str] = MappingProxyType({})

Text = Annotated[str, Form(max_length=2000)]


SurveysOf = Callable[[UnitOfWork, Scope], Mapping[str, str]]
"""What may be asked at the touchpoints of a scope: titles by code."""


def pages(workplace: Workplace, access: Access, shown: Pages, surveys_of: SurveysOf) -> APIRouter:
    """The list, the form, and taking out of use with a way back."""
    router = APIRouter(prefix=LIST, include_in_schema=False)
    administrator = Depends(access.may(Permission.ADMINISTER))

    def form_page(
        request: Request,
        visitor: Visitor,
        *,
        known: TouchpointView | None = None,
        given: dict[str, str],
        errors: Mapping[str, str] = NO_ERRORS,
        status: int = 200,
    ) -> Response:
        with workplace.read() as work:
            facilities = service.facilities(work, visitor.scope)
            surveys = surveys_of(work, _within(visitor.scope, known.facility if known else None))
        return shown.show(
            request,
            "identity/touchpoint.html",
            status=status,
            known=known,
            given=given,
            errors=errors,
            facilities=facilities,
            surveys=surveys,
        )

    @router.get("")
    def touchpoints(
        request: Request, undo: str | None = None, visitor: Visitor = administrator
    ) -> Response:
        with workplace.read() as work:
            found = service.touchpoints(work, visitor.scope)
            facilities = {f.id: f.name for f in service.facilities(work, visitor.scope)}
            surveys = surveys_of(work, visitor.scope)
        return shown.show(
            request,
            "identity/touchpoints.html",
            found=found,
            facilities=facilities,
            surveys=surveys,
            undone=next((t for t in found if t.id == undo and t.inactive_ms), None),
        )

    @router.get("/new")
    def new_touchpoint(request: Request, visitor: Visitor = administrator) -> Response:
        return form_page(request, visitor, given={"name": "", "facility": "", "survey": ""})

    @router.get("/{touchpoint}")
    def touchpoint(
        request: Request, touchpoint: TouchpointId, visitor: Visitor = administrator
    ) -> Response:
        with workplace.read() as work:
            known = changes.touchpoint(work, visitor.scope, touchpoint)
        given = {"name": known.name, "facility": known.facility, "survey": known.survey}
        return form_page(request, visitor, known=known, given=given)

    @router.post("/{touchpoint}")
    def save(
        request: Request,
        touchpoint: TouchpointId,
        *,
        name: Text = "",
        facility: Text = "",
        survey: Text = "",
        version: Annotated[int, Form()] = 0,
        visitor: Visitor = administrator,
    ) -> Response:
        given = {"name": name, "facility": facility, "survey": survey}
        known = None
        try:
            form = TouchpointForm.model_validate(given)
            with workplace.begin() as work:
                _check_survey(form, surveys_of(work, _within(visitor.scope, form.facility)))
                if touchpoint == "new":
                    _create(work, visitor, form)
                else:
                    known = changes.touchpoint(work, visitor.scope, touchpoint)
                    values = {"name": form.name, "survey": form.survey}
                    changes.change_touchpoint(work, visitor.scope, touchpoint, version, values)
        except ValidationError as error:
            problems, status = sentences(error), BadInput.status
        except (BadInput, Conflict) as error:
            problems, status = {error.field or "": error.detail}, error.status
        else:
            return RedirectResponse(LIST, 303)
        return form_page(request, visitor, known=known, given=given, errors=problems, status=status)

    router.include_router(_use(workplace, administrator))
    return router


def _within(scope: Scope, facility: str | None) -> Scope:
    """Of one facility, if it is known which and it is in the scope."""
    if facility is None or not scope.covers(scope.organisation, facility):
        return scope
    return Scope(scope.organisation, frozenset({facility}))


def _check_survey(form: TouchpointForm, surveys: Mapping[str, str]) -> None:
    if form.survey not in surveys:
        raise BadInput("survey", _("There is no such survey."))


def _use(workplace: Workplace, administrator: Any) -> APIRouter:
    """Out of use, and back."""
    router = APIRouter()

    @router.post("/{touchpoint}/deactivate")
    def deactivate(touchpoint: TouchpointId, visitor: Visitor = administrator) -> Response:
        with workplace.begin() as work:
            changes.set_touchpoint_active(work, visitor.scope, touchpoint, False)
        return RedirectResponse(f"{LIST}?undo={touchpoint}", 303)

    @router.post("/{touchpoint}/restore")
    def restore(touchpoint: TouchpointId, visitor: Visitor = administrator) -> Response:
        with workplace.begin() as work:
            changes.set_touchpoint_active(work, visitor.scope, touchpoint, True)
        return RedirectResponse(LIST, 303)

    return router


def _create(work: UnitOfWork, visitor: Visitor, form: TouchpointForm) -> None:
    given = NewTouchpoint(id=new_id(form.name), **form.model_dump())
    service.create_touchpoint(work, visitor.scope, given)
