"""What the pages of touchpoints and of employees have in common: a list, a form, taking out of use and bringing back.

Decides how a form that cannot be stored comes back. Which fields there are and how they are stored is decided by each
kind; `changes` decides what happens when two people change the same.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Protocol

from fastapi import Depends, Form, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from contract.messages.envelope import Code
from hub.core.errors import BadInput, Conflict
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import service
from hub.identity.access import Access
from hub.identity.forms import sentences
from hub.identity.views import EmployeeView, TouchpointView, Visitor

NO_ERRORS: Mapping[str, str] = MappingProxyType({})

Entry = TouchpointView | EmployeeView
EntryId = Annotated[Code, Path()]
Values = dict[str, str]


class Kind(Protocol):
    """One kind of thing that an manager looks after; `templates` are the list's and the form's."""

    path: str
    templates: tuple[str, str]
    fields: tuple[str, ...]

    def all(self, work: UnitOfWork, scope: Scope) -> Sequence[Entry]:
        """In use or not."""
        ...

    def one(self, work: UnitOfWork, scope: Scope, entry: str) -> Entry:
        """NotFound where there is none."""
        ...

    def choices(self, work: UnitOfWork, scope: Scope) -> Mapping[str, Any]:
        """What the templates need besides facilities."""
        ...

    def read(self, given: Values, form: FormData) -> Values:
        """What the form brought, checked; ValidationError or BadInput name the field."""
        ...

    def create(self, work: UnitOfWork, scope: Scope, values: Values) -> None:
        """A new one."""
        ...

    def change(self, work: UnitOfWork, scope: Scope, entry: str, seen: int, values: Values) -> None:
        """Conflict where somebody else was faster."""
        ...

    def set_active(self, work: UnitOfWork, scope: Scope, entry: str, active: bool) -> None:
        """Out of use, or in use again."""
        ...


async def _form(request: Request) -> FormData:
    return await request.form()


FormFields = Annotated[FormData, Depends(_form)]


def pages(workplace: Workplace, access: Access, shown: Pages, kind: Kind) -> Router:
    """The routes of one kind."""
    router = Router(prefix=kind.path, include_in_schema=False)
    manager = Depends(access.may(Permission.EDIT_PLACES))

    def form_page(
        request: Request,
        visitor: Visitor,
        given: Values,
        *,
        known: Entry | None = None,
        errors: Mapping[str, str] = NO_ERRORS,
        status: int = 200,
    ) -> Response:
        facility = known.facility if known else None
        with workplace.read() as work:
            facilities = service.facilities(work, visitor.scope)
            choices = kind.choices(work, within(visitor.scope, facility))
        return shown.show(
            request,
            kind.templates[1],
            status=status,
            kind=kind,
            known=known,
            given=given,
            errors=errors,
            facilities=facilities,
            **choices,
        )

    @router.get("")
    def entries(request: Request, undo: str | None = None, visitor: Visitor = manager) -> Response:
        with workplace.read() as work:
            found = kind.all(work, visitor.scope)
            facilities = {f.id: f.name for f in service.facilities(work, visitor.scope)}
            choices = kind.choices(work, visitor.scope)
        return shown.show(
            request,
            kind.templates[0],
            kind=kind,
            found=found,
            facilities=facilities,
            undone=next((e for e in found if e.id == undo and e.inactive_ms), None),
            **choices,
        )

    @router.get("/new")
    def new_entry(request: Request, visitor: Visitor = manager) -> Response:
        return form_page(request, visitor, dict.fromkeys(kind.fields, ""))

    @router.get("/{entry}")
    def entry(request: Request, entry: EntryId, visitor: Visitor = manager) -> Response:
        with workplace.read() as work:
            known = kind.one(work, visitor.scope, entry)
        given = {name: getattr(known, name) for name in kind.fields}
        return form_page(request, visitor, given, known=known)

    @router.post("/{entry}")
    def save(
        request: Request,
        entry: EntryId,
        form: FormFields,
        version: Annotated[int, Form()] = 0,
        visitor: Visitor = manager,
    ) -> Response:
        given = {name: " ".join(map(str, form.getlist(name))) for name in kind.fields}
        known = None
        try:
            values = kind.read(given, form)
            with workplace.begin() as work:
                if entry == "new":
                    kind.create(work, visitor.scope, values)
                else:
                    known = kind.one(work, visitor.scope, entry)
                    kind.change(work, visitor.scope, entry, version, values)
        except ValidationError as error:
            problems, status = sentences(error), BadInput.status
        except (BadInput, Conflict) as error:
            problems, status = {error.field or "": error.detail}, error.status
        else:
            return RedirectResponse(kind.path, 303)
        return form_page(request, visitor, given, known=known, errors=problems, status=status)

    router.include(_use(workplace, manager, kind))
    return router


def within(scope: Scope, facility: str | None) -> Scope:
    """Of one facility, if it is known which and it is in the scope."""
    if facility is None or not scope.covers(scope.organisation, facility):
        return scope
    return scope.within(facility)


def _use(workplace: Workplace, manager: Any, kind: Kind) -> Router:
    """Out of use, and back."""
    router = Router()

    @router.post("/{entry}/deactivate")
    def deactivate(entry: EntryId, visitor: Visitor = manager) -> Response:
        with workplace.begin() as work:
            kind.set_active(work, visitor.scope, entry, False)
        return RedirectResponse(f"{kind.path}?undo={entry}", 303)

    @router.post("/{entry}/restore")
    def restore(entry: EntryId, visitor: Visitor = manager) -> Response:
        with workplace.begin() as work:
            kind.set_active(work, visitor.scope, entry, True)
        return RedirectResponse(kind.path, 303)

    return router
