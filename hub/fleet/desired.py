"""What each terminal is told to know: the rota of its facility, two weeks ahead, and who is in it.

Decides when a document has changed, and gives it a higher version then. Sending it is the wiring's affair.
"""

from sqlalchemy import select

from contract.documents import (
    DesiredConfiguration,
    Employee,
    ReportedConfiguration,
    RotaShift,
)
from contract.topics import DeviceAddress
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.tables import Desired, Device
from hub.identity.service import employees, shifts_between, touchpoints

DAY_MS = 24 * 3600 * 1000
BEHIND_MS = DAY_MS
AHEAD_MS = 14 * DAY_MS
MOST_SHIFTS = 400
MOST_EMPLOYEES = 200

OnDuty = tuple[list[RotaShift], list[Employee]]


def refresh(work: UnitOfWork) -> list[tuple[DeviceAddress, DesiredConfiguration]]:
    """Bring every device's document up to date; returns those that changed."""
    devices = work.session.scalars(select(Device)).all()
    rotas: dict[tuple[str, str], OnDuty] = {}
    changed = []
    for device in devices:
        place = (device.organisation, device.facility)
        if place not in rotas:
            rotas[place] = _rota(work, Scope(device.organisation, frozenset({device.facility})))
        document = _updated(work, device, rotas[place])
        if document is not None:
            changed.append((DeviceAddress(*place, device.id), document))
    return changed


def everything(work: UnitOfWork) -> list[tuple[DeviceAddress, DesiredConfiguration]]:
    """Every device's document, for a broker that has just started and retains nothing."""
    rows = work.session.scalars(select(Desired)).all()
    return [(DeviceAddress(r.organisation, r.facility, r.device), _document(r)) for r in rows]


def note_reported(
    work: UnitOfWork, address: DeviceAddress, reported: ReportedConfiguration
) -> None:
    """A device says which version it works by."""
    row = work.session.get(Desired, address.device)
    if row is not None and (row.organisation, row.facility) == (
        address.organisation,
        address.facility,
    ):
        row.reported_version = reported.version
        work.session.add(row)
        work.session.flush()


def _rota(work: UnitOfWork, scope: Scope) -> OnDuty:
    places = [touchpoint.id for touchpoint in touchpoints(work, scope)]
    # Whole days, so that the document changes when the rota does and once a day, not with every look.
    today = work.now_ms // DAY_MS * DAY_MS
    found = shifts_between(work, scope, places, today - BEHIND_MS, today + AHEAD_MS)
    rota = [
        RotaShift(
            shift=s.id,
            touchpoint=s.touchpoint,
            employee=s.employee,
            starts_ms=s.starts_ms,
            ends_ms=s.ends_ms,
        )
        for s in found[:MOST_SHIFTS]
    ]
    mentioned = {shift.employee for shift in rota}
    people = [
        Employee(employee=e.id, name=e.name, speciality=e.speciality, photo=e.photograph)
        for e in employees(work, scope)
        if e.id in mentioned
    ]
    return rota, people[:MOST_EMPLOYEES]


def _updated(work: UnitOfWork, device: Device, on_duty: OnDuty) -> DesiredConfiguration | None:
    """The device's new document, stored, or None when it is as it was."""
    row = work.session.get(Desired, device.id)
    if row is None:
        row = Desired(device=device.id, organisation="", facility="", version=0, document="")
    rota, people = on_duty
    document = DesiredConfiguration(version=row.version, rota=rota, employees=people)
    in_place = (row.organisation, row.facility) == (device.organisation, device.facility)
    if row.document and in_place and _document(row) == document:
        return None
    document = document.model_copy(update={"version": max(work.now_ms, row.version + 1)})
    row.organisation, row.facility = device.organisation, device.facility
    row.version, row.document = document.version, document.model_dump_json()
    work.session.add(row)
    work.session.flush()
    return document


def _document(row: Desired) -> DesiredConfiguration:
    return DesiredConfiguration.model_validate_json(row.document)
