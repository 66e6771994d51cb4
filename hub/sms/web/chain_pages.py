"""The page of a chain: who is told of danger and of unhappy patients, in which order, and how long each has."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.identity import service as identity
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.alerts import chain
from hub.sms.alerts.chain import Link
from hub.sms.api.models import MOST_PEOPLE, Person

USUAL_MINUTES = "30"
_UP = "up-"

Row = tuple[str, str]
"""What is in the fields of one person: address and minutes."""


async def _given(request: Request) -> FormData:
    return await request.form()


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """For whoever directs cases."""
    router = Router(prefix="/sms/alerts/chain", include_in_schema=False)
    directs = Depends(access.may(Permission.DIRECT_CASES))

    def page(
        request: Request, visitor: Visitor, facility: str, rows: list[Row] | None, **more: Any
    ) -> Response:
        with workplace.read() as work:
            places = identity.facilities(work, visitor.scope)
            here = facility or next((one.id for one in places), "")
            known = chain.chain_of(work, visitor.scope, here) if here else []
        values = {
            "facilities": places,
            "facility": here,
            "rows": _rows(known) if rows is None else rows,
            "told": len(known),
            "usual": USUAL_MINUTES,
            "problems": {},
            "before": None,
        }
        status = BadInput.status if more.get("problems") else 200
        return shown.show(request, "sms/chain.html", status=status, **{**values, **more})

    @router.get("")
    def index(request: Request, facility: str = "", visitor: Visitor = directs) -> Response:
        return page(request, visitor, facility, None)

    @router.post("")
    def save(
        request: Request,
        given: Annotated[FormData, Depends(_given)],
        visitor: Visitor = directs,
    ) -> Response:
        facility = str(given.get("facility", ""))
        rows = _ordered(given)
        links, problems = _read(rows)
        if problems:
            return page(request, visitor, facility, rows, problems=problems)
        with workplace.begin() as work:
            before = chain.chain_of(work, visitor.scope, facility)
            chain.set_chain(work, visitor.scope, facility, links)
        undo = {
            name: value for n, row in enumerate(_rows(before)) for name, value in _fields(n, row)
        }
        return page(request, visitor, facility, None, before={"facility": facility} | undo)

    return router


def _rows(links: list[Link]) -> list[Row]:
    return [(one.address, str(one.minutes)) for one in links]


def _fields(position: int, row: Row) -> list[Row]:
    return [(f"address-{position}", row[0]), (f"minutes-{position}", row[1])]


def _ordered(given: FormData) -> list[Row]:
    """The people of the form, without those whose address was emptied; one may be asked to move up."""
    rows: list[Row] = []
    up = str(given.get("act", ""))
    for position in range(MOST_PEOPLE):
        address = str(given.get(f"address-{position}", "")).strip()
        minutes = str(given.get(f"minutes-{position}", "")).strip() or USUAL_MINUTES
        if address:
            rows.append((address, minutes))
            if up == f"{_UP}{position}" and len(rows) > 1:
                rows[-2:] = rows[:-3:-1]
    return rows


def _read(rows: list[Row]) -> tuple[list[Link], dict[str, str]]:
    links, problems = [], {}
    for position, (address, minutes) in enumerate(rows):
        try:
            person = Person.model_validate({"address": address, "minutes": minutes})
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            told = {
                "address": _("This is no e-mail address."),
                "minutes": _("From 1 minute to 1440."),
            }
            problems[f"{field}-{position}"] = told[field]
        else:
            links.append(Link(person.address, person.minutes))
    return links, problems
