"""Changing touchpoints, employees and shifts, taking them out of use, and bringing them back.

Nothing is deleted: answers name them for ever. Whoever changes something says which version they saw; if somebody else
was faster they are told what has changed instead of overwriting it.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from hub.core.errors import Conflict, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity.events import PlacesChanged
from hub.identity.service import shifts_between
from hub.identity.tables import Employee, Shift, Touchpoint
from hub.identity.views import EmployeeView, TouchpointView


@needs(Permission.SEE_PLACES)
def touchpoint(work: UnitOfWork, scope: Scope, touchpoint: str) -> TouchpointView:
    """One touchpoint, in use or not."""
    return TouchpointView(**_found(work, scope, Touchpoint, touchpoint).model_dump())


@needs(Permission.SEE_STAFF)
def employee(work: UnitOfWork, scope: Scope, employee: str) -> EmployeeView:
    """One employee, in use or not."""
    return EmployeeView(**_found(work, scope, Employee, employee).model_dump())


@needs(Permission.EDIT_PLACES)
def change_touchpoint(
    work: UnitOfWork, scope: Scope, touchpoint: str, seen: int, values: Mapping[str, str]
) -> None:
    """New `name`, `kind` and `survey`."""
    _change(work, _row(work, scope, Touchpoint, touchpoint), seen, values)


@needs(Permission.EDIT_SURVEYS)
def change_survey(work: UnitOfWork, scope: Scope, touchpoint: str, seen: int, survey: str) -> None:
    """Another survey at the same touchpoint."""
    _change(work, _row(work, scope, Touchpoint, touchpoint), seen, {"survey": survey})


@needs(Permission.EDIT_PLACES)
def change_employee(
    work: UnitOfWork, scope: Scope, employee: str, seen: int, values: Mapping[str, str]
) -> None:
    """New `name`, `profession`, `speciality` and `languages`, and `photograph` where there is one."""
    _change(work, _row(work, scope, Employee, employee), seen, values)


@needs(Permission.EDIT_PLACES)
def set_touchpoint_active(work: UnitOfWork, scope: Scope, touchpoint: str, active: bool) -> None:
    """Out of use, or in use again."""
    _set_active(work, _row(work, scope, Touchpoint, touchpoint), active)


@needs(Permission.EDIT_PLACES)
def set_employee_active(work: UnitOfWork, scope: Scope, employee: str, active: bool) -> None:
    """Out of use, or in use again."""
    _set_active(work, _row(work, scope, Employee, employee), active)


@needs(Permission.EDIT_PLACES)
def set_shift_active(work: UnitOfWork, scope: Scope, shift: str, active: bool) -> None:
    """Taken back, or in force again; a Conflict when somebody else has the touchpoint by then."""
    row = _row(work, scope, Shift, shift)
    if active and shifts_between(work, scope, [row.touchpoint], row.starts_ms, row.ends_ms - 1):
        raise Conflict(_("Somebody else is at this touchpoint at that time."), field="starts_ms")
    _set_active(work, row, active)


@needs(Permission.SEE_STAFF)
def has_photograph(work: UnitOfWork, scope: Scope, sha256: str) -> bool:
    """Whether somebody of the scope is shown by this photograph."""
    wanted = select(Employee.id).where(scope.rows(Employee), col(Employee.photograph) == sha256)
    return work.session.exec(wanted.limit(1)).first() is not None


def _row(work: UnitOfWork, scope: Scope, table: Any, row_id: str) -> Any:
    """Locked until the unit of work ends; one that only reads may not."""
    return _found(work, scope, table, row_id, lock=True)


def _found(work: UnitOfWork, scope: Scope, table: Any, row_id: str, *, lock: bool = False) -> Any:
    wanted = select(table).where(scope.rows(table), table.id == row_id)
    found = work.session.exec(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound(_("There is nothing of this name here."))
    return found


def _change(work: UnitOfWork, row: Any, seen: int, values: Mapping[str, str]) -> None:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if row.version != seen:
        now = ", ".join(f"“{getattr(row, name)}”" for name in changed)
        raise Conflict(
            _("Somebody else changed this meanwhile. It now says %(now)s. Nothing was overwritten.")
            % {"now": now or _("the same as you entered")}
        )
    for name in changed:
        setattr(row, name, values[name])
    row.version += 1
    _store(work, row)


def _set_active(work: UnitOfWork, row: Any, active: bool) -> None:
    row.inactive_ms = None if active else work.now_ms
    _store(work, row)


def _store(work: UnitOfWork, row: Any) -> None:
    work.session.add(row)
    work.session.flush()
    work.tell(PlacesChanged(row.organisation, row.facility))
