"""Employees and their photographs on the pages of an administrator."""

from typing import Any

from fastapi import Depends
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from hub.core.errors import NotFound
from hub.core.http_routes import Router
from hub.core.objects import ObjectFolder
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import changes, service
from hub.identity.access import Access
from hub.identity.entry_pages import Values
from hub.identity.forms import EmployeeForm, new_id
from hub.identity.photographs import drawn_anew
from hub.identity.place_words import PROFESSIONS, language_names
from hub.identity.schemas import NewEmployee
from hub.identity.views import EmployeeView, Visitor


class Employees:
    """See `entry_pages.Kind`."""

    path = "/employees"
    templates = ("identity/employees.html", "identity/employee.html")
    fields: tuple[str, ...] = ("name", "facility", "profession", "speciality", "languages")

    def __init__(self, folder: ObjectFolder) -> None:
        self._folder = folder

    def all(self, work: UnitOfWork, scope: Scope) -> list[EmployeeView]:
        return service.employees(work, scope)

    def one(self, work: UnitOfWork, scope: Scope, entry: str) -> EmployeeView:
        return changes.employee(work, scope, entry)

    def choices(self, work: UnitOfWork, scope: Scope) -> dict[str, Any]:  # noqa: ARG002 - the same everywhere
        return {"professions": PROFESSIONS, "spoken": language_names()}

    def read(self, given: Values, form: FormData) -> Values:
        values: Values = EmployeeForm.model_validate(given).model_dump()
        photograph = form.get("photograph")
        if isinstance(photograph, UploadFile) and photograph.size:
            values["photograph"] = self._folder.keep(drawn_anew(photograph.file.read()))
        return values

    def create(self, work: UnitOfWork, scope: Scope, values: Values) -> None:
        told = {name: values[name] for name in self.fields}
        made = service.create_employee(work, scope, NewEmployee(id=new_id(values["name"]), **told))
        self.change(work, scope, made.id, made.version, values)

    def change(self, work: UnitOfWork, scope: Scope, entry: str, seen: int, values: Values) -> None:
        changing = {name: value for name, value in values.items() if name != "facility"}
        changes.change_employee(work, scope, entry, seen, changing)

    def set_active(self, work: UnitOfWork, scope: Scope, entry: str, active: bool) -> None:
        changes.set_employee_active(work, scope, entry, active)


def photographs(workplace: Workplace, access: Access, folder: ObjectFolder) -> Router:
    """A photograph by its SHA-256, for staff who may see whom it shows."""
    router = Router(include_in_schema=False)
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
