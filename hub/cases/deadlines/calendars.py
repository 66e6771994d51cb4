"""A facility's working hours, and how much time it gives itself for what."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hub.cases.deadlines.tables import WorkCalendar
from hub.core.errors import BadInput, NotFound
from hub.core.hours.working_time import Calendar, checked
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity

HOURS = "Mo-Fr 09:00-17:00"
"""Until somebody says otherwise."""
MOST_DAYS = 60
MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Terms:
    """How much working time there is for the first call and, in days, for the investigation."""

    first_call_minutes: int = 60
    investigation_days: int = 3
    urgent_days: int = 1
    by_topic: Mapping[str, int] = field(default_factory=dict)

    def days(self, topic: str | None, urgent: bool) -> int:
        """Working days for the investigation of a complaint of this kind."""
        usual = self.by_topic.get(topic or "", self.investigation_days)
        return min(usual, self.urgent_days) if urgent else usual


def calendar_of(work: UnitOfWork, scope: Scope, facility: str) -> Calendar:
    """The hours of a facility, in its own time zone."""
    row = work.session.get(WorkCalendar, (scope.organisation, facility))
    zone = identity.time_zone(work, scope, facility)
    if row is None:
        return Calendar(HOURS, zone)
    closed = tuple(date.fromisoformat(day) for day in row.closed.split())
    return Calendar(row.hours, zone, row.country, row.region, closed)


def terms_of(work: UnitOfWork, scope: Scope, facility: str) -> Terms:
    """How much time it gives itself."""
    row = work.session.get(WorkCalendar, (scope.organisation, facility))
    if row is None:
        return Terms()
    return Terms(
        row.first_call_minutes, row.investigation_days, row.urgent_days, json.loads(row.by_topic)
    )


@needs(Permission.DIRECT_CASES)
def set_calendar(
    work: UnitOfWork, scope: Scope, facility: str, calendar: Calendar, terms: Terms
) -> None:
    """For deadlines that begin from now on; BadInput names what cannot be right."""
    if not scope.covers(scope.organisation, facility):
        raise NotFound(_("There is no such facility."))
    days = [terms.investigation_days, terms.urgent_days, *terms.by_topic.values()]
    if not all(1 <= count <= MOST_DAYS for count in days):
        raise BadInput("investigation_days", _("Allow between 1 and 60 working days."))
    if not 1 <= terms.first_call_minutes <= MOST_MINUTES:
        raise BadInput("first_call_minutes", _("Please enter the minutes of one day at most."))
    checked(calendar)
    row = work.session.get(WorkCalendar, (scope.organisation, facility)) or WorkCalendar(
        organisation=scope.organisation, facility=facility, hours=calendar.hours
    )
    row.hours, row.country, row.region = calendar.hours, calendar.country, calendar.region
    row.closed = " ".join(sorted(day.isoformat() for day in calendar.closed))
    row.first_call_minutes = terms.first_call_minutes
    row.investigation_days, row.urgent_days = terms.investigation_days, terms.urgent_days
    row.by_topic = json.dumps(dict(terms.by_topic), sort_keys=True)
    work.session.add(row)
    work.audit.record(scope, "calendar.set", f"facility/{facility}", facility=facility)
