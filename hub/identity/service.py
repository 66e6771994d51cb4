"""Organisations, facilities, touchpoints, employees and shifts.

Decides what may be stored of them and who sat where when. A stored shift never changes, so an answer's employee is
right for ever. Accounts and signing in are `accounts`' affair; lengths and alphabets of texts are decided in `schemas`.
"""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, and_, bindparam, true
from sqlmodel import SQLModel, col, select

from contract.topics import TopicError, checked_identifier
from hub.core import conflicts
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity.events import PlacesChanged
from hub.identity.schemas import NewEmployee, NewFacility, NewShift, NewTouchpoint
from hub.identity.tables import Employee, Facility, Organisation, Shift, Touchpoint
from hub.identity.views import (
    EmployeeView,
    FacilityView,
    OrganisationView,
    ShiftView,
    TouchpointView,
)

LONGEST_SHIFT_MS = 7 * 24 * 3600 * 1000

_time_zones = select(Facility.id, Facility.time_zone).where(
    Facility.organisation == bindparam("organisation")
)


@needs(Permission.ADMINISTER)
def ensure_organisation(
    work: UnitOfWork, scope: Scope, name: str, time_zone: str
) -> OrganisationView:
    """The scope's organisation, made now if it is not there."""
    stored = work.session.get(Organisation, scope.organisation)
    if stored is None:
        _check_identifier("organisation", scope.organisation)
        _check_time_zone(time_zone)
        stored = Organisation(id=scope.organisation, name=name, time_zone=time_zone)
        _add(work, stored, _("There is an organisation of this name already."))
    return OrganisationView(**stored.model_dump())


@needs(Permission.SEE_PLACES)
def organisation(work: UnitOfWork, scope: Scope) -> OrganisationView:
    """The scope's organisation."""
    stored = work.session.get(Organisation, scope.organisation)
    if stored is None:
        raise NotFound(_("There is no such organisation."))
    return OrganisationView(**stored.model_dump())


@needs(Permission.ADMINISTER)
def create_facility(work: UnitOfWork, scope: Scope, given: NewFacility) -> FacilityView:
    """A clinic of the organisation; without a time zone of its own it has the organisation's."""
    if not scope.covers(scope.organisation, given.id):
        raise BadInput("id", _("You may not add this facility."))
    zone = given.time_zone or organisation(work, scope).time_zone
    _check_time_zone(zone)
    row = Facility(organisation=scope.organisation, id=given.id, name=given.name, time_zone=zone)
    _add(work, row, _("There is a facility with this id already."))
    return FacilityView(**row.model_dump())


@needs(Permission.EDIT_PLACES)
def create_touchpoint(work: UnitOfWork, scope: Scope, given: NewTouchpoint) -> TouchpointView:
    """A place on the patient's way through a facility."""
    _check_facility(work, scope, given.facility)
    row = Touchpoint(organisation=scope.organisation, **given.model_dump())
    _add(work, row, _("There is a touchpoint with this id already."))
    work.tell(PlacesChanged(row.organisation, row.facility))
    return TouchpointView(**row.model_dump())


@needs(Permission.EDIT_PLACES)
def create_employee(work: UnitOfWork, scope: Scope, given: NewEmployee) -> EmployeeView:
    """Somebody whose work patients judge."""
    _check_facility(work, scope, given.facility)
    row = Employee(organisation=scope.organisation, **given.model_dump())
    _add(work, row, _("There is an employee with this id already."))
    work.tell(PlacesChanged(row.organisation, row.facility))
    return EmployeeView(**row.model_dump())


@needs(Permission.EDIT_PLACES)
def create_shift(work: UnitOfWork, scope: Scope, given: NewShift) -> ShiftView:
    """An employee's time at a touchpoint; two people cannot be the one who is judged there."""
    if not given.starts_ms < given.ends_ms <= given.starts_ms + LONGEST_SHIFT_MS:
        raise BadInput("ends_ms", _("A shift ends after it starts, and within seven days."))
    place = _locked_touchpoint(work, scope, given.touchpoint)
    known = _rows(Employee, scope).where(col(Employee.id) == given.employee)
    if work.session.exec(known).first() is None:
        raise BadInput("employee", _("There is no such employee."))
    if shifts_between(work, scope, [given.touchpoint], given.starts_ms, given.ends_ms - 1):
        raise Conflict(_("Somebody else is at this touchpoint at that time."), field="starts_ms")
    told = given.model_dump() | {"id": given.id or uuid4().hex, "facility": place.facility}
    row = Shift(organisation=scope.organisation, **told)
    _add(work, row, _("There is a shift with this id already."))
    work.tell(PlacesChanged(row.organisation, row.facility))
    return ShiftView(**row.model_dump())


@needs(Permission.SEE_PLACES)
def facilities(
    work: UnitOfWork, scope: Scope, limit: int | None = None, after: str = ""
) -> list[FacilityView]:
    """By id, beginning behind `after`; all of them without a limit."""
    inside: ColumnElement[bool] = true()
    if scope.facilities is not None:
        inside = col(Facility.id).in_(sorted(scope.facilities))
    wanted = select(Facility).where(and_(col(Facility.organisation) == scope.organisation, inside))
    rows = work.session.exec(_page(wanted, Facility, limit, after))
    return [FacilityView(**row.model_dump()) for row in rows]


@needs(Permission.SEE_PLACES)
def time_zone(work: UnitOfWork, scope: Scope, facility: str) -> str:
    """Of a facility of the scope; the organisation's where there is none of this name."""
    stored = work.session.get(Facility, (scope.organisation, facility))
    known = stored is not None and scope.covers(scope.organisation, facility)
    return stored.time_zone if stored and known else organisation(work, scope).time_zone


@needs(Permission.SEE_PLACES)
def time_zones(work: UnitOfWork, scope: Scope) -> dict[str, str]:
    """Of every facility, by its id."""
    rows = work.connection.execute(_time_zones, {"organisation": scope.organisation})
    return {f: zone for f, zone in rows if scope.covers(scope.organisation, f)}


@needs(Permission.SEE_PLACES)
def shared_time_zone(work: UnitOfWork, scope: Scope, among: Collection[str] | None = None) -> str:
    """For what concerns several facilities, all of the scope without `among`: theirs, where they have one zone.

    Else the organisation's.
    """
    zones = {
        zone for place, zone in time_zones(work, scope).items() if among is None or place in among
    }
    return zones.pop() if len(zones) == 1 else organisation(work, scope).time_zone


@needs(Permission.SEE_PLACES)
def touchpoints(
    work: UnitOfWork, scope: Scope, limit: int | None = None, after: str = ""
) -> list[TouchpointView]:
    """By id, beginning behind `after`; all of them without a limit."""
    rows = work.session.exec(_page(_rows(Touchpoint, scope), Touchpoint, limit, after))
    return [TouchpointView(**row.model_dump()) for row in rows]


@needs(Permission.SEE_STAFF)
def employees(
    work: UnitOfWork, scope: Scope, limit: int | None = None, after: str = ""
) -> list[EmployeeView]:
    """By id, beginning behind `after`; all of them without a limit."""
    rows = work.session.exec(_page(_rows(Employee, scope), Employee, limit, after))
    return [EmployeeView(**row.model_dump()) for row in rows]


@needs(Permission.SEE_STAFF)
def shifts(
    work: UnitOfWork, scope: Scope, limit: int | None = None, after: str = ""
) -> list[ShiftView]:
    """By id, beginning behind `after`; all of them without a limit."""
    rows = work.session.exec(_page(_rows(Shift, scope), Shift, limit, after))
    return [ShiftView(**row.model_dump()) for row in rows]


@needs(Permission.SEE_STAFF)
def shifts_between(
    work: UnitOfWork, scope: Scope, touchpoints: Iterable[str], from_ms: int, until_ms: int
) -> list[ShiftView]:
    """The shifts at any of the touchpoints in force at any moment from `from_ms` to `until_ms`, both included."""
    wanted = _rows(Shift, scope).where(
        col(Shift.touchpoint).in_(sorted(set(touchpoints))),
        col(Shift.starts_ms) <= until_ms,
        col(Shift.ends_ms) > from_ms,
        col(Shift.inactive_ms).is_(None),
    )
    found = work.session.exec(wanted.order_by(col(Shift.starts_ms))).all()
    return [ShiftView(**row.model_dump()) for row in found]


@needs(Permission.SEE_STAFF)
def shift_at(work: UnitOfWork, scope: Scope, touchpoint: str, at_ms: int) -> ShiftView | None:
    """Whose shift it was at that moment, if anybody's."""
    return next(iter(shifts_between(work, scope, [touchpoint], at_ms, at_ms)), None)


def _rows(table: Any, scope: Scope) -> Any:
    return select(table).where(scope.rows(table))


def _page(wanted: Any, table: Any, limit: int | None, after: str) -> Any:
    return wanted.where(table.id > after).order_by(table.id).limit(limit)


def _locked_touchpoint(work: UnitOfWork, scope: Scope, touchpoint: str) -> Touchpoint:
    """Locked, so that two shifts added at once see each other."""
    wanted = _rows(Touchpoint, scope).where(col(Touchpoint.id) == touchpoint).with_for_update()
    found: Touchpoint | None = work.session.exec(wanted).first()
    if found is None:
        raise BadInput("touchpoint", _("There is no such touchpoint."))
    return found


def _add(work: UnitOfWork, row: SQLModel, taken: str) -> None:
    conflicts.add(work, row, Conflict(taken, field="id"))


def _check_facility(work: UnitOfWork, scope: Scope, facility: str) -> None:
    known = work.session.get(Facility, (scope.organisation, facility))
    if known is None or not scope.covers(scope.organisation, facility):
        raise BadInput("facility", _("There is no such facility."))


def _check_identifier(field: str, text: str) -> None:
    try:
        checked_identifier(text, field)
    except TopicError as error:
        raise BadInput(field, str(error)) from error


def _check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise BadInput("time_zone", _("This is not a time zone such as Europe/Madrid."))
