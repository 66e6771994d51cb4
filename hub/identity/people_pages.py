"""The pages on which an administrator looks after employees, and their photographs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from contract.messages.envelope import Code
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.pages import Pages
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import changes, service
from hub.identity.access import Access
from hub.identity.forms import EmployeeForm, new_id, sentences
from hub.identity.photographs import PhotographFolder, drawn_anew
from hub.identity.rules import Permission
from hub.identity.schemas import NewEmployee
from hub.identity.views import EmployeeView, Visitor

LIST = "/employees"

EmployeeId = Annotated[Code, Path()]
NO_ERRORS: Mapping[str, str] = MappingProxyType({})

Text = Annotated[str, Form(max_length=2000)]


def pages(
    workplace: Workplace, access: Access, folder: PhotographFolder, shown: Pages
) -> APIRouter:
    """The list, the form, and taking out of use with a way back."""
    router = APIRouter(prefix=LIST, include_in_schema=False)
    administrator = Depends(access.may(Permission.ADMINISTER))

    def form_page(
        request: Request,
        visitor: Visitor,
        *,
        known: EmployeeView | None = None,
        given: dict[str, str],
        errors: Mapping[str, str] = NO_ERRORS,
        status: int = 200,
    ) -> Response:
        with workplace.read() as work:
            facilities = service.facilities(work, visitor.scope)
        return shown.show(
            request,
            "identity/employee.html",
            status=status,
            known=known,
            given=given,
            errors=errors,
            facilities=facilities,
        )

    @router.get("")
    def employees(
        request: Request, undo: str | None = None, visitor: Visitor = administrator
    ) -> Response:
        with workplace.read() as work:
            found = service.employees(work, visitor.scope)
            facilities = {f.id: f.name for f in service.facilities(work, visitor.scope)}
        return shown.show(
            request,
            "identity/employees.html",
            found=found,
            facilities=facilities,
            undone=next((t for t in found if t.id == undo and t.inactive_ms), None),
        )

    @router.get("/new")
    def new_employee(request: Request, visitor: Visitor = administrator) -> Response:
        return form_page(request, visitor, given={"name": "", "facility": "", "speciality": ""})

    @router.get("/{employee}")
    def employee(
        request: Request, employee: EmployeeId, visitor: Visitor = administrator
    ) -> Response:
        with workplace.read() as work:
            known = changes.employee(work, visitor.scope, employee)
        given = {"name": known.name, "facility": known.facility, "speciality": known.speciality}
        return form_page(request, visitor, known=known, given=given)

    @router.post("/{employee}")
    def save(
        request: Request,
        employee: EmployeeId,
        *,
        name: Text = "",
        facility: Text = "",
        speciality: Text = "",
        photograph: UploadFile | None = None,
        version: Annotated[int, Form()] = 0,
        visitor: Visitor = administrator,
    ) -> Response:
        given = {"name": name, "facility": facility, "speciality": speciality}
        known = None
        try:
            form = EmployeeForm.model_validate(given)
            values = _values(form, folder, photograph)
            with workplace.begin() as work:
                if employee == "new":
                    _create(work, visitor, form, values)
                else:
                    known = changes.employee(work, visitor.scope, employee)
                    changes.change_employee(work, visitor.scope, employee, version, values)
        except ValidationError as error:
            problems, status = sentences(error), BadInput.status
        except (BadInput, Conflict) as error:
            problems, status = {error.field or "": error.detail}, error.status
        else:
            return RedirectResponse(LIST, 303)
        return form_page(request, visitor, known=known, given=given, errors=problems, status=status)

    router.include_router(_use(workplace, administrator))
    return router


def photographs(workplace: Workplace, access: Access, folder: PhotographFolder) -> APIRouter:
    """A photograph by its SHA-256, for staff who may see whom it shows."""
    router = APIRouter(include_in_schema=False)
    sees_staff = Depends(access.may(Permission.SEE_STAFF))

    @router.get("/photographs/{sha256}")
    def photograph(sha256: str, visitor: Visitor = sees_staff) -> Response:
        with workplace.read() as work:
            known = changes.has_photograph(work, visitor.scope, sha256)
        content = folder.find(sha256) if known else None
        if content is None:
            raise NotFound(_("There is no such photograph."))
        return Response(content, media_type="image/jpeg")

    return router


def _use(workplace: Workplace, administrator: Any) -> APIRouter:
    """Out of use, and back."""
    router = APIRouter()

    @router.post("/{employee}/deactivate")
    def deactivate(employee: EmployeeId, visitor: Visitor = administrator) -> Response:
        with workplace.begin() as work:
            changes.set_employee_active(work, visitor.scope, employee, False)
        return RedirectResponse(f"{LIST}?undo={employee}", 303)

    @router.post("/{employee}/restore")
    def restore(employee: EmployeeId, visitor: Visitor = administrator) -> Response:
        with workplace.begin() as work:
            changes.set_employee_active(work, visitor.scope, employee, True)
        return RedirectResponse(LIST, 303)

    return router


def _values(
    form: EmployeeForm, folder: PhotographFolder, photograph: UploadFile | None
) -> dict[str, str]:
    values = {"name": form.name, "speciality": form.speciality}
    if photograph is not None and photograph.size:
        values["photograph"] = folder.keep(drawn_anew(photograph.file.read()))
    return values


def _create(work: UnitOfWork, visitor: Visitor, form: EmployeeForm, values: dict[str, str]) -> None:
    given = NewEmployee(id=new_id(form.name), **form.model_dump())
    made = service.create_employee(work, visitor.scope, given)
    changes.change_employee(work, visitor.scope, made.id, made.version, values)
