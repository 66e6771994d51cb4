"""The audit log on a page: looked through, taken away as a file, and verified."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from hub.core import audit_search
from hub.core.audit.chain import Entry
from hub.core.audit.verifying import Outcome, verify
from hub.core.audit_search import Sought
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.paging import BeforeNumber
from hub.core.permissions import Permission
from hub.core.spreadsheet import as_csv
from hub.core.texts import N_
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import service
from hub.identity.access import Access
from hub.identity.colleagues import names_by_actor
from hub.identity.views import Visitor

HOME = "/audit"
ON_A_PAGE = 100
KINDS: Mapping[str, str] = {
    "case": N_("Cases"),
    "contact": N_("Telephone numbers"),
    "photograph": N_("Photographs"),
    "conversation": N_("Conversations by SMS"),
    "attachment": N_("Files of cases"),
    "person": N_("Requests of patients"),
    "retention": N_("For how long things are kept"),
    "session": N_("Signing in"),
    "account": N_("Accounts"),
    "password": N_("Passwords"),
    "second_factor": N_("Second factors"),
    "token": N_("Tokens of programs"),
    "problem": N_("Problems"),
    "template": N_("E-mail templates"),
    "calendar": N_("Working hours"),
    "opening_hours": N_("Opening hours"),
    "campaign": N_("Surveys by SMS"),
    "keys": N_("Keys"),
    "audit": N_("This log"),
}
HEADER = ("number", "at_utc", "facility", "actor", "action", "subject", "detail")


class Asked(BaseModel):
    """The filters as an address spells them."""

    model_config = ConfigDict(extra="ignore")

    action: Annotated[str, Field(max_length=60, pattern=r"^[a-z_.]*$")] = ""
    actor: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9/_.-]*$")] = ""
    subject: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    first: date | None = None
    last: date | None = None

    def sought(self, zone: ZoneInfo) -> Sought:
        """Days are the organisation's."""
        after = None if self.last is None else self.last + timedelta(days=1)
        subject = self.subject.strip()
        return Sought(
            self.action, self.actor, subject, _midnight(self.first, zone), _midnight(after, zone)
        )

    def query(self, **changed: object) -> str:
        """As an address, without what is left open."""
        told = self.model_dump() | changed
        return f"?{urlencode({name: v for name, v in told.items() if v not in (None, '')})}"


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The routes."""
    router = Router(prefix=HOME, include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_AUDIT))

    def page(
        request: Request,
        visitor: Visitor,
        asked: Asked,
        before: int | None = None,
        outcome: Outcome | None = None,
    ) -> Response:
        with workplace.read() as work:
            zone = service.organisation(work, visitor.scope).time_zone
            sought = asked.sought(ZoneInfo(zone))
            found = audit_search.entries(work, visitor.scope, sought, ON_A_PAGE + 1, before)
            known = _names(work, visitor)
        return shown.show(
            request,
            "identity/audit.html",
            asked=asked,
            entries=[(entry, _told(entry)) for entry in found[:ON_A_PAGE]],
            older=found[ON_A_PAGE - 1].number if len(found) > ON_A_PAGE else None,
            kinds=KINDS,
            zone=zone,
            outcome=outcome,
            **known,
        )

    @router.get("")
    def log(
        request: Request,
        asked: Annotated[Asked, Query()],
        before: BeforeNumber = None,
        visitor: Visitor = sees,
    ) -> Response:
        return page(request, visitor, asked, before)

    @router.get("/export")
    def export(asked: Annotated[Asked, Query()], visitor: Visitor = sees) -> Response:
        with workplace.begin() as work:
            zone = ZoneInfo(service.organisation(work, visitor.scope).time_zone)
            found = audit_search.exported(work, visitor.scope, asked.sought(zone))
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        table = as_csv(HEADER, map(_row, found))
        return Response(table, media_type="text/csv; charset=utf-8", headers=headers)

    @router.post("/verify")
    def verified(request: Request, visitor: Visitor = sees) -> Response:
        """The whole chain: a neighbour's entry that was changed concerns everybody."""
        with workplace.begin() as work:
            outcome = verify(work.connection, work.vault)
            broken = int(outcome.broken is not None)
            work.audit.record(
                visitor.scope, "audit.verified", "audit", count=outcome.count, broken=broken
            )
        return page(request, visitor, Asked(), outcome=outcome)

    return router


def _names(work: UnitOfWork, visitor: Visitor) -> dict[str, Any]:
    places = service.facilities(work, visitor.scope)
    return {
        "staff": names_by_actor(work, visitor.scope, Permission.SEE_PLACES),
        "places": {one.id: one.name for one in places},
    }


def _told(entry: Entry) -> dict[str, Any]:
    known: dict[str, Any] = json.loads(entry.detail)
    return known


def _row(entry: Entry) -> tuple[str | int | None, ...]:
    at = datetime.fromtimestamp(entry.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return (
        entry.number,
        at,
        entry.facility,
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
    )


def _midnight(day: date | None, zone: ZoneInfo) -> int | None:
    return None if day is None else int(datetime.combine(day, time(), zone).timestamp() * 1000)
