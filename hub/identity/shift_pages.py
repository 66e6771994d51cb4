"""The pages of the rota: a week at a facility, adding and taking back shifts, and copying a week to the next."""

from datetime import date, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import Code
from hub.core.errors import BadInput, Conflict, HubError
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import changes, rota, service
from hub.identity.access import Access
from hub.identity.schemas import NewShift
from hub.identity.views import FacilityView, ShiftView, Visitor

Text = Annotated[str, Form(max_length=100)]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The routes."""
    router = Router(prefix="/shifts", include_in_schema=False)
    manager = Depends(access.may(Permission.EDIT_PLACES))

    def week_page(
        request: Request,
        visitor: Visitor,
        facility: str | None,
        week: str | None,
        *,
        refused: HubError | None = None,
        given: dict[str, str] | None = None,
    ) -> Response:
        query = request.query_params
        with workplace.read() as work:
            facilities = service.facilities(work, visitor.scope)
            here = _facility(facilities, facility)
            first = rota.monday(week, work.now_ms, here.time_zone if here else "UTC")
            scope = visitor.scope.within(here.id if here else None)
            places = [p for p in service.touchpoints(work, scope) if p.inactive_ms is None]
            people = service.employees(work, scope)
            found = _of_week(work, scope, here, first) if here else []
        return shown.show(
            request,
            "identity/shifts.html",
            status=refused.status if refused else 200,
            facilities=facilities,
            facility=here,
            week=rota.week_name(first),
            before=rota.week_name(first - timedelta(days=7)),
            after=rota.week_name(first + timedelta(days=7)),
            days=rota.days(first),
            places=places,
            people=people,
            cells=_cells(found, here),
            refused=refused,
            given={"touchpoint": "", "employee": ""}
            | (given or {"day": str(first), "starts": "08:00", "ends": "15:00"}),
            undone=query.get("undo"),
            copied=query.get("copied"),
        )

    @router.get("")
    def shifts(
        request: Request,
        facility: str | None = None,
        week: Annotated[str | None, Query(max_length=10)] = None,
        visitor: Visitor = manager,
    ) -> Response:
        return week_page(request, visitor, facility, week)

    @router.post("")
    def add(
        request: Request,
        facility: Text,
        week: Text,
        *,
        touchpoint: Text = "",
        employee: Text = "",
        day: Text = "",
        starts: Text = "",
        ends: Text = "",
        visitor: Visitor = manager,
    ) -> Response:
        given = {
            "touchpoint": touchpoint,
            "employee": employee,
            "day": day,
            "starts": starts,
            "ends": ends,
        }
        try:
            with workplace.begin() as work:
                here = _facility(service.facilities(work, visitor.scope), facility)
                if here is None:
                    raise BadInput("facility", _("There is no such facility."))
                service.create_shift(work, visitor.scope, _shift(given, here.time_zone))
        except (BadInput, Conflict) as error:
            return week_page(request, visitor, facility, week, refused=error, given=given)
        return _back(facility, week)

    @router.post("/copy")
    def copy(facility: Text, week: Text, visitor: Visitor = manager) -> Response:
        with workplace.begin() as work:
            here = _facility(service.facilities(work, visitor.scope), facility)
            first = rota.monday(week, work.now_ms, here.time_zone if here else "UTC")
            copied = _copy(work, visitor.scope, here, first) if here else 0
        return _back(facility, rota.week_name(first + timedelta(days=7)), copied=copied)

    @router.post("/{shift}/deactivate")
    def deactivate(
        shift: Annotated[Code, Path()],
        facility: Text,
        week: Text,
        visitor: Visitor = manager,
    ) -> Response:
        with workplace.begin() as work:
            changes.set_shift_active(work, visitor.scope, shift, False)
        return _back(facility, week, undo=shift)

    @router.post("/{shift}/restore")
    def restore(
        request: Request,
        shift: Annotated[Code, Path()],
        facility: Text,
        week: Text,
        visitor: Visitor = manager,
    ) -> Response:
        try:
            with workplace.begin() as work:
                changes.set_shift_active(work, visitor.scope, shift, True)
        except Conflict as error:
            return week_page(request, visitor, facility, week, refused=error)
        return _back(facility, week)

    return router


def _back(facility: str, week: str, **more: object) -> Response:
    query = urlencode({"facility": facility, "week": week, **more})
    return RedirectResponse(f"/shifts?{query}", 303)


def _facility(facilities: list[FacilityView], wanted: str | None) -> FacilityView | None:
    return next((f for f in facilities if f.id == wanted), facilities[0] if facilities else None)


def _of_week(work: UnitOfWork, scope: Scope, here: FacilityView, first: date) -> list[ShiftView]:
    places = [place.id for place in service.touchpoints(work, scope)]
    began = rota.at_ms(first, time(), here.time_zone)
    ended = rota.at_ms(first + timedelta(days=7), time(), here.time_zone)
    found = service.shifts_between(work, scope, places, began, ended - 1)
    return [shift for shift in found if shift.starts_ms >= began]


def _cells(
    found: list[ShiftView], here: FacilityView | None
) -> dict[tuple[str, date], list[ShiftView]]:
    cells: dict[tuple[str, date], list[ShiftView]] = {}
    for shift in found:
        zone = here.time_zone if here else "UTC"
        cells.setdefault((shift.touchpoint, rota.day_of(shift.starts_ms, zone)), []).append(shift)
    return cells


def _shift(given: dict[str, str], zone: str) -> NewShift:
    read: dict[str, date | time] = {}
    for field, parse in (
        ("day", date.fromisoformat),
        ("starts", time.fromisoformat),
        ("ends", time.fromisoformat),
    ):
        try:
            read[field] = parse(given[field])
        except ValueError as error:
            raise BadInput(field, _("Please fill this in.")) from error
    for field in ("touchpoint", "employee"):
        if not given[field]:
            raise BadInput(field, _("Please fill this in."))
    day, starts, ends = read["day"], read["starts"], read["ends"]
    assert isinstance(day, date) and isinstance(starts, time) and isinstance(ends, time)  # noqa: S101, PT018
    until = day + timedelta(days=1) if ends <= starts else day  # past midnight
    return NewShift(
        touchpoint=given["touchpoint"],
        employee=given["employee"],
        starts_ms=rota.at_ms(day, starts, zone),
        ends_ms=rota.at_ms(until, ends, zone),
    )


def _copy(work: UnitOfWork, scope: Scope, here: FacilityView, first: date) -> int:
    """How many shifts were copied; where somebody is already, nothing changes."""
    inside = scope.within(here.id)
    copied = 0
    for shift in _of_week(work, inside, here, first):
        moved = NewShift(
            touchpoint=shift.touchpoint,
            employee=shift.employee,
            starts_ms=rota.a_week_later_ms(shift.starts_ms, here.time_zone),
            ends_ms=rota.a_week_later_ms(shift.ends_ms, here.time_zone),
        )
        try:
            service.create_shift(work, inside, moved)
        except Conflict:
            continue
        copied += 1
    return copied
