"""When facilities are open to patients: weekly hours, public holidays and days with hours of their own, in versions.

Decides who may say so, and what terminals can be told of it. Where nobody has said anything nothing is guessed: no
press is outside of hours that are not known. The working hours of whoever handles complaints are the cases' affair.
"""

import json
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import col, select

from hub.core import conflicts
from hub.core.errors import BadInput, NotFound
from hub.core.hours import weeks
from hub.core.hours.working_time import Calendar, checked, open_spans
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service
from hub.identity.events import PlacesChanged
from hub.identity.tables import OpeningHours

MOST_SPECIAL_DAYS = 200


@dataclass(frozen=True, slots=True)
class Version:
    """What was said once. `calendar` is None where it was said that the hours are not known."""

    version: int
    calendar: Calendar | None
    changed_ms: int
    changed_by: str
    restores: int | None


@needs(Permission.SEE_PLACES)
def history(work: UnitOfWork, scope: Scope, facility: str) -> list[Version]:
    """All that was ever said of a facility, the newest first."""
    zone = service.time_zone(work, scope, facility)
    rows = select(OpeningHours).where(
        scope.rows(OpeningHours), col(OpeningHours.facility) == facility
    )
    found = work.session.exec(rows.order_by(col(OpeningHours.version).desc()))
    return [_version(row, zone) for row in found]


@needs(Permission.SEE_PLACES)
def calendar_of(work: UnitOfWork, scope: Scope, facility: str) -> Calendar | None:
    """When it is open, in its own time zone; None where nobody says."""
    known = history(work, scope, facility)
    return known[0].calendar if known else None


@needs(Permission.SEE_PLACES)
def open_between(
    work: UnitOfWork, scope: Scope, facility: str, since_ms: int, until_ms: int
) -> list[tuple[int, int]] | None:
    """The spans in which it is open at least in part between two moments, cut off at the first; None: not known."""
    calendar = calendar_of(work, scope, facility)
    return None if calendar is None else open_spans(calendar, since_ms, until_ms)


@needs(Permission.EDIT_PLACES)
def set_hours(
    work: UnitOfWork,
    scope: Scope,
    facility: str,
    calendar: Calendar | None,
    *,
    after: int,
    by: str,
    restores: int | None = None,
) -> int:
    """From now on; returns the version. `after` is the one that the caller has seen, 0 for none.

    BadInput names what cannot be right, Conflict: somebody else was faster. The time zone is the facility's own.
    """
    if facility not in service.time_zones(work, scope):
        raise NotFound(_("There is no such facility."))
    told = calendar or Calendar("", "UTC")
    special = {day: weeks.spans("special", spans) for day, spans in told.special}
    if len(special) > MOST_SPECIAL_DAYS:
        raise BadInput("special", _("These are too many days."))
    if calendar is not None:
        checked(replace(calendar, special=tuple(special.items())))
    known = history(work, scope, facility)
    if after != (known[0].version if known else 0):
        raise conflicts.changed_meanwhile()
    row = OpeningHours(
        organisation=scope.organisation,
        facility=facility,
        version=after + 1,
        hours=told.hours,
        country=told.country,
        region=told.region,
        special=json.dumps({day.isoformat(): special[day] for day in sorted(special)}),
        changed_ms=work.now_ms,
        changed_by=by,
        restores=restores,
    )
    conflicts.add(work, row, conflicts.changed_meanwhile())
    work.audit.record(
        scope,
        "opening_hours.set",
        f"facility/{facility}",
        facility=facility,
        version=row.version,
        restores=restores,
    )
    work.tell(PlacesChanged(scope.organisation, facility))
    return row.version


@needs(Permission.EDIT_PLACES)
def restore(
    work: UnitOfWork, scope: Scope, facility: str, version: int, *, after: int, by: str
) -> int:
    """As an earlier version said; 0 is the time before anything was said. NotFound."""
    for known in history(work, scope, facility):
        if known.version == version:
            return set_hours(
                work, scope, facility, known.calendar, after=after, by=by, restores=version
            )
    if version != 0:
        raise NotFound(_("There is no such version."))
    return set_hours(work, scope, facility, None, after=after, by=by, restores=0)


def _version(row: OpeningHours, zone: str) -> Version:
    special = {date.fromisoformat(day): spans for day, spans in json.loads(row.special).items()}
    calendar = Calendar(row.hours, zone, row.country, row.region, special=tuple(special.items()))
    return Version(
        row.version,
        calendar if row.hours else None,
        row.changed_ms,
        row.changed_by,
        row.restores,
    )
