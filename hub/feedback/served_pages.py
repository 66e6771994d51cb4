"""The page on which staff enter how many clients were served on a day.

A table from a file is the affair of `served_table_pages`; what may be entered is decided in `served`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from contract.messages.envelope import Identifier
from hub.core.clock import as_datetime
from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.feedback import served, served_entries
from hub.feedback.figures.origin import BaseSource, Period
from hub.feedback.served_schemas import EARLIEST, NewServed
from hub.identity import service
from hub.identity.access import Access
from hub.identity.rota import day_of
from hub.identity.views import FacilityView, Visitor

LIST = "/served"
MOST_CLIENTS = 1_000_000
SOURCES: Mapping[BaseSource, str] = {
    BaseSource.HOSPITAL_SYSTEM: N_("hospital system"),
    BaseSource.TICKET_QUEUE: N_("ticket queue"),
    BaseSource.STAFF_BUTTON: N_("staff button"),
    BaseSource.PEOPLE_COUNTER: N_("people counter"),
    BaseSource.TYPED_IN: N_("typed in"),
}
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """One number that may be entered: of whom, what is there, and what other sources say."""

    field: str
    name: str
    employee: str
    touchpoint: str
    count: int | None
    others: list[tuple[BaseSource, int]]


class DayForm(BaseModel):
    """A day's numbers; each in a field of its own, empty where nothing is known."""

    model_config = ConfigDict(extra="allow")

    facility: Identifier
    day: date

    @property
    def numbers(self) -> dict[str, str]:
        """Every other field."""
        return {k: v.strip() for k, v in (self.model_extra or {}).items() if isinstance(v, str)}


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The routes."""
    router = Router(prefix=LIST, include_in_schema=False)
    enters = Depends(access.may(Permission.ENTER_SERVED))

    def day_page(
        request: Request,
        visitor: Visitor,
        facility: str | None,
        day: date | None,
        *,
        given: Mapping[str, str] = NO_PROBLEMS,
        problems: Mapping[str, str] = NO_PROBLEMS,
    ) -> Response:
        with workplace.read() as work:
            facilities = service.facilities(work, visitor.scope)
            here = next((f for f in facilities if f.id == facility), next(iter(facilities), None))
            today = _today(work, here)
            chosen = min(max(day or today, EARLIEST), today)
            lines = _lines(work, visitor, here, chosen) if here else {}
        return shown.show(
            request,
            "feedback/served.html",
            status=BadInput.status if problems else 200,
            facilities=facilities,
            facility=here,
            day=chosen,
            today=today,
            groups=lines,
            given=given,
            problems=problems,
            sources=SOURCES,
            query=request.query_params,
        )

    def again(
        request: Request, visitor: Visitor, form: DayForm, problems: Mapping[str, str]
    ) -> Response:
        given = form.numbers
        return day_page(request, visitor, form.facility, form.day, given=given, problems=problems)

    @router.get("")
    def entered(
        request: Request,
        facility: Annotated[str | None, Query()] = None,
        day: Annotated[date | None, Query()] = None,
        visitor: Visitor = enters,
    ) -> Response:
        return day_page(request, visitor, facility, day)

    @router.post("")
    def enter(
        request: Request, form: Annotated[DayForm, Form()], visitor: Visitor = enters
    ) -> Response:
        problems = _problems(form.numbers)
        if problems:
            return again(request, visitor, form, problems)
        try:
            with workplace.begin() as work:
                number = _enter(work, visitor, form)
        except BadInput as error:
            return again(request, visitor, form, {"": error.detail})
        return back_to(form.facility, form.day, number)

    @router.post("/entries/{number}/restore")
    def take_back(
        number: Annotated[int, Path()],
        day: Annotated[date, Form()],
        visitor: Visitor = enters,
    ) -> Response:
        with workplace.begin() as work:
            by = visitor.account.name
            facility = served_entries.take_back(work, visitor.scope, number, by)
        return back_to(facility, day, None)

    return router


def _lines(
    work: UnitOfWork, visitor: Visitor, here: FacilityView, day: date
) -> dict[str, list[Line]]:
    """The facility, its touchpoints and its employees, under their headings."""
    inside = visitor.scope.within(here.id)
    words = served.numbers(work, inside, Period(day, day))

    def line(name: str, employee: str = "", touchpoint: str = "") -> Line:
        said = {
            source: words[key]
            for source in BaseSource
            if (key := (here.id, employee, touchpoint, day, source.value)) in words
        }
        typed = said.pop(BaseSource.TYPED_IN, None)
        field = f"employee.{employee}" if employee else f"touchpoint.{touchpoint}"
        return Line(field, name, employee, touchpoint, typed, list(said.items()))

    places = [p for p in service.touchpoints(work, inside) if p.inactive_ms is None]
    people = [p for p in service.employees(work, inside) if p.inactive_ms is None]
    return {
        N_("Facility"): [line(here.name)],
        N_("Touchpoints"): [line(place.name, touchpoint=place.id) for place in places],
        N_("Employees"): [line(person.name, employee=person.id) for person in people],
    }


def _problems(numbers: Mapping[str, str]) -> dict[str, str]:
    return {
        field: _("Please enter a whole number.")
        for field, text in numbers.items()
        if "." in field and text and not (text.isdecimal() and int(text) <= MOST_CLIENTS)
    }


def _enter(work: UnitOfWork, visitor: Visitor, form: DayForm) -> int | None:
    """Each number that is there; an emptied field takes its number away."""
    given, without = [], []
    for field, text in form.numbers.items():
        kind, dot, whom = field.partition(".")
        if not dot:
            continue
        employee, touchpoint = (whom, "") if kind == "employee" else ("", whom)
        if text:
            given.append(
                NewServed(
                    facility=form.facility,
                    employee=employee or None,
                    touchpoint=touchpoint or None,
                    day=form.day,
                    count=int(text),
                )
            )
        else:
            source = BaseSource.TYPED_IN.value
            without.append((form.facility, employee, touchpoint, form.day, source))
    by = visitor.account.name
    return served_entries.enter(work, visitor.scope, form.facility, given, by, without=without)


def _today(work: UnitOfWork, here: FacilityView | None) -> date:
    return day_of(work.now_ms, here.time_zone) if here else as_datetime(work.now_ms).date()


def back_to(facility: str, day: date, number: int | None) -> Response:
    """To the day's page, where the entry of this number can be taken back."""
    more = {} if number is None else {"entry": number}
    return RedirectResponse(f"{LIST}?{urlencode({'facility': facility, 'day': day, **more})}", 303)
