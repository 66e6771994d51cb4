"""The hours in which a facility lets its terminals install what they have fetched.

Kept without a zone and told in the facility's; the terminal looks at its own clock.
"""

import json
from collections.abc import Collection, Sequence

from sqlmodel import col, select

from contract.jobs import Window
from hub.core.errors import NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.fleet.rollout_tables import Maintenance
from hub.fleet.rollouts.schemas import DayWindow
from hub.identity.service import facilities


@needs(Permission.SEE_DEVICES)
def windows(work: UnitOfWork, scope: Scope) -> dict[str, list[DayWindow]]:
    """Of each facility of the scope that has decided it."""
    rows = work.session.exec(select(Maintenance).where(scope.rows(Maintenance)))
    return {row.facility: _read(row) for row in rows}


@needs(Permission.MANAGE_DEVICES)
def set_windows(
    work: UnitOfWork, scope: Scope, facility: str, given: Sequence[DayWindow], by: str
) -> None:
    """These instead of those before; they hold for what is asked from now on."""
    if not scope.covers(scope.organisation, facility) or not facilities(
        work, scope.within(facility)
    ):
        raise NotFound(_("There is no such facility."))
    row = Maintenance(
        organisation=scope.organisation,
        facility=facility,
        windows=json.dumps([window.model_dump() for window in given]),
        changed_ms=work.now_ms,
        changed_by=by,
    )
    work.session.merge(row)
    work.session.flush()
    work.audit.record(
        scope, "maintenance.set", f"facility/{facility}", facility=facility, windows=len(given)
    )


def in_zones(work: UnitOfWork, scope: Scope, places: Collection[str]) -> dict[str, list[Window]]:
    """What terminals of these facilities are told."""
    zones = {place.id: place.time_zone for place in facilities(work, scope)}
    found = work.session.exec(
        select(Maintenance).where(
            scope.rows(Maintenance), col(Maintenance.facility).in_(sorted(places))
        )
    )
    return {
        row.facility: [
            Window(zone=zones[row.facility], **window.model_dump()) for window in _read(row)
        ]
        for row in found
        if row.facility in zones
    }


def _read(row: Maintenance) -> list[DayWindow]:
    return [DayWindow.model_validate(window) for window in json.loads(row.windows)]
