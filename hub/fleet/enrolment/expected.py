"""Terminals that are known before they come: listed in a table, each taken in by a one-time token.

The tokens are shown once, to whoever lists the terminals, and go onto their cards; kept is only what they hash to.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import delete, select

from hub.core.errors import BadInput, NotFound
from hub.core.passwords import token_hash
from hub.core.permissions import Permission
from hub.core.row_problems import BadRows, RowProblem
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet import registry
from hub.fleet.enrolment.expected_csv import ExpectedRow, ExpectedTable
from hub.fleet.enrolment.tables import ExpectedDevice
from hub.identity.service import time_zones, touchpoints

LASTS_MS = 90 * 24 * 3600_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A terminal that is expected, and the token that it is to show."""

    device: str
    facility: str
    name: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ExpectedView:
    """A terminal that has not come yet."""

    device: str
    facility: str
    name: str
    touchpoint: str | None
    serial: str
    until_ms: int


@needs(Permission.MANAGE_DEVICES)
def expect(work: UnitOfWork, scope: Scope, table: ExpectedTable) -> list[Listed]:
    """List these terminals; BadRows says what is wrong in which line, and then none of them is.

    One that was listed and has not come is listed anew, with a new token.
    """
    problems = sorted([*table.problems, *_contradictions(work, scope, table.rows)])
    if problems:
        raise BadRows(problems)
    listed = []
    for _line, row in table.rows:
        token = secrets.token_urlsafe(16)
        work.session.exec(delete(ExpectedDevice).where(ExpectedDevice.device == row.device))  # type: ignore[arg-type]
        work.session.add(
            ExpectedDevice(
                token_hash=token_hash(token),
                organisation=scope.organisation,
                made_ms=work.now_ms,
                until_ms=work.now_ms + LASTS_MS,
                **row.model_dump(),
            )
        )
        listed.append(Listed(row.device, row.facility, row.name, token))
    work.session.flush()
    for one in listed:
        subject = f"device/{one.device}"
        work.audit.record(scope, "device.expect", subject, facility=one.facility)
    return listed


def _contradictions(
    work: UnitOfWork, scope: Scope, rows: Sequence[tuple[int, ExpectedRow]]
) -> list[RowProblem]:
    """Where a row names what is not there, or what is there already."""
    places = time_zones(work, scope)
    spots = {(spot.facility, spot.id) for spot in touchpoints(work, scope)}
    known = set(registry.find(work, {row.device for _, row in rows}))
    elsewhere = _expected_elsewhere(work, scope, {row.device for _, row in rows})
    first: dict[str, int] = {}
    problems = []
    for line, row in rows:
        if row.facility not in places:
            problems.append(RowProblem(line, "facility", _("There is no such facility.")))
        elif row.touchpoint and (row.facility, row.touchpoint) not in spots:
            problems.append(RowProblem(line, "touchpoint", _("There is no such touchpoint.")))
        if row.device in known | elsewhere:
            taken = _("There is a device with this name already.")
            problems.append(RowProblem(line, "device", taken))
        if row.device in first:
            said = _("Line {line} names this device, too.").format(line=first[row.device])
            problems.append(RowProblem(line, "device", said))
        first.setdefault(row.device, line)
    return problems


@needs(Permission.MANAGE_DEVICES)
def waiting(work: UnitOfWork, scope: Scope) -> list[ExpectedView]:
    """Who has not come yet, by name."""
    wanted = select(ExpectedDevice).where(
        scope.rows(ExpectedDevice), ExpectedDevice.until_ms > work.now_ms
    )
    rows = work.session.exec(wanted.order_by(ExpectedDevice.facility, ExpectedDevice.device))
    return [_view(row) for row in rows]


@needs(Permission.MANAGE_DEVICES)
def forget(work: UnitOfWork, scope: Scope, device: str) -> None:
    """Expect the terminal no longer: its token opens nothing."""
    wanted = select(ExpectedDevice).where(
        scope.rows(ExpectedDevice), ExpectedDevice.device == device
    )
    row = work.session.exec(wanted).first()
    if row is None:
        raise NotFound(_("There is no such device."))
    work.session.delete(row)
    work.audit.record(scope, "device.unexpect", f"device/{device}", facility=row.facility)


def is_elsewhere(work: UnitOfWork, scope: Scope, device: str) -> bool:
    """Whether somebody expects a terminal of this name whose row this scope does not see."""
    return bool(_expected_elsewhere(work, scope, {device}))


def has_come(work: UnitOfWork, scope: Scope, device: str) -> None:
    """It was taken in, by its token or without: its row goes, if it was expected."""
    mine = select(ExpectedDevice).where(scope.rows(ExpectedDevice), ExpectedDevice.device == device)
    for row in work.session.exec(mine):
        work.session.delete(row)


def use(work: UnitOfWork, token: str, serial: str) -> tuple[Scope, ExpectedView]:
    """The device that this token stands for, and the scope in which the hub takes it in; the token is spent."""
    row = work.session.get(ExpectedDevice, token_hash(token))
    if row is None or row.until_ms <= work.now_ms or (row.serial and row.serial != serial.lower()):
        raise BadInput("token", _("This token is not known, has been used, or is another board's."))
    if registry.find(work, {row.device}):
        raise BadInput("token", _("There is a device with this name already."))
    view = _view(row)
    scope = Scope(row.organisation)
    work.session.delete(row)
    return scope, view


def _view(row: ExpectedDevice) -> ExpectedView:
    return ExpectedView(**{name: getattr(row, name) for name in ExpectedView.__dataclass_fields__})


def _expected_elsewhere(work: UnitOfWork, scope: Scope, devices: set[str]) -> set[str]:
    """Those that somebody expects whose rows this scope does not see."""
    rows = work.session.exec(select(ExpectedDevice))
    return {
        row.device
        for row in rows
        if row.device in devices and not scope.covers(row.organisation, row.facility)
    }
