"""When a facility works, and how much time it gives itself: the page of its calendar."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from contract.messages.envelope import Identifier
from hub.cases.casework import workers
from hub.cases.deadlines import calendars
from hub.cases.routes.case_resources import calendar_and_terms
from hub.cases.routes.schemas import CalendarModel
from hub.cases.routes.settings.frame import HOME, FacilityId, Frame, back
from hub.core.hours import forms
from hub.core.hours.working_time import MINUTE_MS, after, end_of_working_day
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.identity.access import Access
from hub.identity.entry_pages import FormFields
from hub.identity.views import Visitor

TERMS = ("first_call_minutes", "investigation_days", "urgent_days")
TOPIC = "topic-"
"""Before the code of a topic in the names of the form's fields."""


def pages(frame: Frame, access: Access) -> Router:
    """The routes."""
    router = Router(prefix=f"{HOME}/hours", include_in_schema=False)
    directs = Depends(access.may(Permission.DIRECT_CASES))

    @router.get("")
    def hours(
        request: Request,
        facility: Annotated[Identifier | None, Query()] = None,
        visitor: Visitor = directs,
    ) -> Response:
        return frame.page(request, visitor, "hours", _stored, facility=facility)

    @router.post("/{facility}")
    def save(
        request: Request, facility: FacilityId, form: FormFields, visitor: Visitor = directs
    ) -> Response:
        def deed(work: UnitOfWork, scope: Scope) -> None:
            given = CalendarModel.model_validate(_told(form))
            calendars.set_calendar(work, scope, facility, *calendar_and_terms(given))

        refusal = frame.refusal(visitor, deed)
        if refusal is None:
            return back("hours", facility, done="saved")
        return frame.page(
            request,
            visitor,
            "hours",
            _stored,
            facility=facility,
            refusal=refusal,
            given=_typed(form),
        )

    return router


def _stored(work: UnitOfWork, scope: Scope, facility: str) -> Mapping[str, Any]:
    inside = scope.within(facility)
    calendar = calendars.calendar_of(work, inside, facility)
    terms = calendars.terms_of(work, inside, facility)
    now = work.now_ms
    return {
        **forms.stored(calendar),
        **forms.choices(calendar, workers.today(work, inside, facility)),
        "closed": [day.isoformat() for day in calendar.closed],
        "terms": {name: str(getattr(terms, name)) for name in TERMS},
        "by_topic": {topic: str(days) for topic, days in terms.by_topic.items()},
        "called_by_ms": after(calendar, now, terms.first_call_minutes * MINUTE_MS),
        "looked_into_by_ms": end_of_working_day(calendar, now, terms.investigation_days),
    }


def _told(form: FormData) -> dict[str, Any]:
    """As a program would say it; what is left empty is left to what is usual."""
    given = _typed(form)
    return {
        **forms.told(given),
        "closed": sorted(set(given["closed"])),
        "by_topic": given["by_topic"],
        **{name: said for name, said in given["terms"].items() if said},
    }


def _typed(form: FormData) -> dict[str, Any]:
    """What stands in the form's fields, right or wrong."""
    said = {name: str(value).strip() for name, value in form.items()}
    return {
        **forms.typed(form),
        "closed": [day for value in form.getlist("closed") if (day := str(value).strip())],
        "terms": {name: said.get(name, "") for name in TERMS},
        "by_topic": {
            name.removeprefix(TOPIC): days
            for name, days in said.items()
            if name.startswith(TOPIC) and days
        },
    }
