"""When a facility is open: the page with its history and the way back, and the resource for programs."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from contract.messages.envelope import Identifier
from hub.core.errors import NotFound
from hub.core.hours import forms
from hub.core.hours.working_time import Calendar
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity import opening_hours, service
from hub.identity.access import Access
from hub.identity.entry_pages import FormFields
from hub.identity.refusals import Refusal, refusal
from hub.identity.rota import day_of
from hub.identity.schemas import NewOpeningHours, OpeningHoursModel
from hub.identity.views import FacilityView, Visitor

HOME = "/opening-hours"
FacilityId = Annotated[Identifier, Path()]
Seen = Annotated[int, Form(ge=0)]


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """For whoever manages the facility."""
    router = Router(prefix=HOME, include_in_schema=False)
    manager = Depends(access.may(Permission.EDIT_PLACES))

    def page(
        request: Request,
        visitor: Visitor,
        facility: str | None,
        refused: Refusal | None = None,
        given: dict[str, Any] | None = None,
    ) -> Response:
        with workplace.read() as work:
            places = service.facilities(work, visitor.scope)
            here = next((f for f in places if facility in {f.id, None}), None)
            if here is None:
                raise NotFound(_("There is no such facility."))
            values = _stored(work, visitor.scope, here) | (given or {})
        return shown.show(
            request,
            "identity/opening_hours.html",
            status=refused.status if refused else 200,
            errors=refused.errors if refused else {},
            facilities=places,
            facility=here,
            done=request.query_params.get("done", ""),
            **values,
        )

    @router.get("")
    def hours(
        request: Request,
        facility: Annotated[Identifier | None, Query()] = None,
        visitor: Visitor = manager,
    ) -> Response:
        return page(request, visitor, facility)

    @router.post("/{facility}")
    def save(
        request: Request,
        facility: FacilityId,
        form: FormFields,
        after: Seen,
        visitor: Visitor = manager,
    ) -> Response:
        given = _typed(form)

        def deed(work: UnitOfWork, scope: Scope) -> None:
            special = {day: spans for day, spans in given["special"] if day}
            told = {**forms.told(given), "special": special, "after": after}
            _set(work, scope, facility, NewOpeningHours.model_validate(told), visitor)

        refused = refusal(workplace, visitor, deed)
        return page(request, visitor, facility, refused, given) if refused else _back(facility)

    @router.post("/{facility}/restore")
    def restore(
        facility: FacilityId,
        version: Annotated[int, Form(ge=0)],
        after: Seen,
        visitor: Visitor = manager,
    ) -> Response:
        with workplace.begin() as work:
            by = visitor.account.name
            opening_hours.restore(work, visitor.scope, facility, version, after=after, by=by)
        return _back(facility)

    return router


def api(workplace: Workplace, access: Access) -> Router:
    """Opening hours as a resource of the facility."""
    router = Router(prefix="/api/facilities/{facility}/opening-hours", tags=["places and people"])
    sees = Depends(access.may(Permission.SEE_PLACES))
    manages = Depends(access.may(Permission.EDIT_PLACES))

    @router.get("")
    def versions(facility: FacilityId, visitor: Visitor = sees) -> list[OpeningHoursModel]:
        """All that was ever said, the newest first; without `hours`: they are not known."""
        with workplace.read() as work:
            return [_model(one) for one in opening_hours.history(work, visitor.scope, facility)]

    @router.put("", status_code=204)
    def set_hours(facility: FacilityId, given: NewOpeningHours, visitor: Visitor = manages) -> None:
        with workplace.begin() as work:
            _set(work, visitor.scope, facility, given, visitor)

    return router


def _set(
    work: UnitOfWork, scope: Scope, facility: str, given: NewOpeningHours, visitor: Visitor
) -> None:
    special = tuple(given.special.items())
    calendar = Calendar(given.hours, "UTC", given.country, given.region, special=special)
    by = visitor.account.name
    opening_hours.set_hours(work, scope, facility, calendar, after=given.after, by=by)


def _model(version: opening_hours.Version) -> OpeningHoursModel:
    calendar = version.calendar or Calendar("", "UTC")
    return OpeningHoursModel(
        version=version.version,
        hours=calendar.hours,
        country=calendar.country,
        region=calendar.region,
        special=dict(calendar.special),
        changed_ms=version.changed_ms,
        changed_by=version.changed_by,
    )


def _stored(work: UnitOfWork, scope: Scope, facility: FacilityView) -> dict[str, Any]:
    versions = opening_hours.history(work, scope, facility.id)
    now = versions[0].calendar if versions else None
    calendar = now or Calendar("", facility.time_zone)
    today = day_of(work.now_ms, facility.time_zone)
    return {
        **forms.stored(calendar),
        **forms.choices(calendar, today),
        # What has passed is in the history; a night that began yesterday may still go on.
        "special": [
            (day.isoformat(), spans.replace(",", ", "))
            for day, spans in calendar.special
            if day >= today - timedelta(days=1)
        ],
        "is_known": now is not None,
        "versions": [(one, forms.in_words(one.calendar)) for one in versions],
    }


def _typed(form: FormData) -> dict[str, Any]:
    days, hours = form.getlist("special_day"), form.getlist("special_hours")
    lines = [
        (str(day).strip(), str(spans).strip()) for day, spans in zip(days, hours, strict=False)
    ]
    return forms.typed(form) | {"special": [line for line in lines if any(line)]}


def _back(facility: str) -> Response:
    return RedirectResponse(f"{HOME}?{urlencode({'facility': facility, 'done': 'saved'})}", 303)
