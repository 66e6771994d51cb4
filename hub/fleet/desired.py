"""What each terminal is told to know: its facility's rota and opening hours, two weeks ahead, and what is asked where.

Decides when a document has changed, and gives it a higher version then. When to look, and sending it, is `documents`'
affair; which surveys there are, and whether photographs are taken, is told by slices above this one.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from contract.documents import (
    DesiredConfiguration,
    Employee,
    OpenHours,
    PhotographConfiguration,
    ReportedConfiguration,
    RotaShift,
    ScreenConfiguration,
    ScreenSurvey,
)
from contract.settings import SettingsDocument, Values
from contract.topics import DeviceAddress
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.configuration import service as configuration
from hub.fleet.tables import Desired, Device
from hub.identity.opening_hours import open_between
from hub.identity.service import employees, shifts_between, touchpoints

DAY_MS = 24 * 3600 * 1000
BEHIND_MS = DAY_MS
AHEAD_MS = 14 * DAY_MS
MOST_SHIFTS = 400
MOST_EMPLOYEES = 200
MOST_HOURS = 200

MOST_SURVEYS = 20

Place = tuple[str, str]
"""Organisation and facility."""
Sent = list[tuple[DeviceAddress, DesiredConfiguration]]


@dataclass(frozen=True, slots=True)
class Told:
    """What slices above this one have the terminals of a facility told."""

    surveys: Callable[[UnitOfWork, Scope], Sequence[ScreenSurvey]]
    photographs: Callable[[UnitOfWork, Scope], PhotographConfiguration | None]
    receipts: str | None = None
    """The page of receipts, as patients' telephones reach it; None where nobody has said how."""


def refresh(work: UnitOfWork, told: Told, places: Collection[Place] | None = None) -> Sent:
    """Bring the documents of every device, or of those at these places, up to date; returns those that changed."""
    contents: dict[Place, DesiredConfiguration] = {}
    changed = []
    devices = [
        device
        for device in work.session.scalars(select(Device)).all()
        if places is None or (device.organisation, device.facility) in places
    ]
    settings = configuration.wanted(work, devices)
    for device in devices:
        place = (device.organisation, device.facility)
        if place not in contents:
            contents[place] = _content(work, Scope(place[0], frozenset({place[1]})), told)
        document = _updated(work, device, contents[place], settings[device.id])
        if document is not None:
            changed.append((DeviceAddress(*place, device.id), document))
    return changed


def everything(work: UnitOfWork) -> Sent:
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
        row.reported = reported.model_dump_json(exclude={"version"})
        work.session.add(row)
        work.session.flush()


def _content(work: UnitOfWork, scope: Scope, told: Told) -> DesiredConfiguration:
    """What the terminals of one facility are to know, in no version yet."""
    rota = _rota(work, scope)
    asked = list(told.surveys(work, scope))[:MOST_SURVEYS]
    return DesiredConfiguration(
        version=0,
        rota=rota,
        employees=_people(work, scope, {shift.employee for shift in rota}),
        screen=ScreenConfiguration(surveys=asked, receipts=told.receipts)
        if asked or told.receipts
        else None,
        photographs=told.photographs(work, scope),
        **_hours(work, scope),
    )


def _hours(work: UnitOfWork, scope: Scope) -> dict[str, Any]:
    """When the facility is open, and until when that is told."""
    (facility,) = scope.facilities or ("",)
    since_ms, until_ms = _span(work)
    spans = open_between(work, scope, facility, since_ms, until_ms)
    if spans is None:
        return {}
    if len(spans) > MOST_HOURS:
        until_ms = spans[MOST_HOURS][0]
    told = [OpenHours(opens_ms=opens, closes_ms=closes) for opens, closes in spans[:MOST_HOURS]]
    return {"hours": told, "hours_until_ms": until_ms}


def _span(work: UnitOfWork) -> tuple[int, int]:
    """Whole days, so that the document changes when what is told does and once a day, not with every look."""
    today = work.now_ms // DAY_MS * DAY_MS
    return today - BEHIND_MS, today + AHEAD_MS


def _rota(work: UnitOfWork, scope: Scope) -> list[RotaShift]:
    places = [touchpoint.id for touchpoint in touchpoints(work, scope)]
    found = shifts_between(work, scope, places, *_span(work))
    return [
        RotaShift(
            shift=s.id,
            touchpoint=s.touchpoint,
            employee=s.employee,
            starts_ms=s.starts_ms,
            ends_ms=s.ends_ms,
        )
        for s in found[:MOST_SHIFTS]
    ]


def _people(work: UnitOfWork, scope: Scope, mentioned: Collection[str]) -> list[Employee]:
    people = [
        Employee(employee=e.id, name=e.name, speciality=e.speciality, photo=e.photograph)
        for e in employees(work, scope)
        if e.id in mentioned
    ]
    return people[:MOST_EMPLOYEES]


def _updated(
    work: UnitOfWork, device: Device, content: DesiredConfiguration, values: Values
) -> DesiredConfiguration | None:
    """The device's new document, stored, or None when it is as it was."""
    row = work.session.get(Desired, device.id)
    if row is None:
        row = Desired(device=device.id, organisation="", facility="", version=0, document="")
    known = _document(row).settings if row.document else None
    settings = _settings(known, values)
    document = content.model_copy(update={"version": row.version, "settings": settings})
    in_place = (row.organisation, row.facility) == (device.organisation, device.facility)
    if row.document and in_place and _document(row) == document:
        return None
    version = max(work.now_ms, row.version + 1)
    if settings is not None and settings != known:
        settings = settings.model_copy(update={"version": version})
    document = document.model_copy(update={"version": version, "settings": settings})
    row.organisation, row.facility = device.organisation, device.facility
    row.version, row.document = document.version, document.model_dump_json()
    work.session.add(row)
    work.session.flush()
    return document


def _settings(known: SettingsDocument | None, values: Values) -> SettingsDocument | None:
    """Those that the device knows already, if they are the same; None where nothing was ever set."""
    if (known.values if known else {}) == values:
        return known
    return SettingsDocument(version=0, values=values)


def _document(row: Desired) -> DesiredConfiguration:
    return DesiredConfiguration.model_validate_json(row.document)
