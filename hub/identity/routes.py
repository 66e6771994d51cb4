"""The REST resources of places, people and shifts."""

from typing import Any

from fastapi import Depends

from hub.core.http_routes import Router
from hub.core.paging import AfterText, Limit
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity import service
from hub.identity.access import Access
from hub.identity.schemas import (
    EmployeeModel,
    FacilityModel,
    NewEmployee,
    NewFacility,
    NewShift,
    NewTouchpoint,
    ShiftModel,
    TouchpointModel,
)
from hub.identity.views import Visitor


def api(workplace: Workplace, access: Access) -> Router:
    """Reading needs to see places or staff; adding is for whoever manages the facility."""
    router = Router(prefix="/api", tags=["places and people"])
    sees_places = Depends(access.may(Permission.SEE_PLACES))
    sees_staff = Depends(access.may(Permission.SEE_STAFF))
    edits_places = Depends(access.may(Permission.EDIT_PLACES))
    administrator = Depends(access.may(Permission.ADMINISTER))

    @router.get("/facilities", response_model=list[FacilityModel])
    def facilities(
        limit: Limit = 100, after: AfterText = "", visitor: Visitor = sees_places
    ) -> Any:
        with workplace.read() as work:
            return service.facilities(work, visitor.scope, limit, after)

    @router.post("/facilities", response_model=FacilityModel, status_code=201)
    def add_facility(given: NewFacility, visitor: Visitor = administrator) -> Any:
        with workplace.begin() as work:
            return service.create_facility(work, visitor.scope, given)

    @router.get("/touchpoints", response_model=list[TouchpointModel])
    def touchpoints(
        limit: Limit = 100, after: AfterText = "", visitor: Visitor = sees_places
    ) -> Any:
        with workplace.read() as work:
            return service.touchpoints(work, visitor.scope, limit, after)

    @router.post("/touchpoints", response_model=TouchpointModel, status_code=201)
    def add_touchpoint(given: NewTouchpoint, visitor: Visitor = edits_places) -> Any:
        with workplace.begin() as work:
            return service.create_touchpoint(work, visitor.scope, given)

    @router.get("/employees", response_model=list[EmployeeModel])
    def employees(limit: Limit = 100, after: AfterText = "", visitor: Visitor = sees_staff) -> Any:
        with workplace.read() as work:
            return service.employees(work, visitor.scope, limit, after)

    @router.post("/employees", response_model=EmployeeModel, status_code=201)
    def add_employee(given: NewEmployee, visitor: Visitor = edits_places) -> Any:
        with workplace.begin() as work:
            return service.create_employee(work, visitor.scope, given)

    @router.get("/shifts", response_model=list[ShiftModel])
    def shifts(limit: Limit = 100, after: AfterText = "", visitor: Visitor = sees_staff) -> Any:
        with workplace.read() as work:
            return service.shifts(work, visitor.scope, limit, after)

    @router.post("/shifts", response_model=ShiftModel, status_code=201)
    def add_shift(given: NewShift, visitor: Visitor = edits_places) -> Any:
        with workplace.begin() as work:
            return service.create_shift(work, visitor.scope, given)

    return router
