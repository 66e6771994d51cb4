"""The list of cases with its filters, saved views and search, and who is still here."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from contract.messages.envelope import MAX_INT
from hub.cases.alerts import still_here
from hub.cases.casework import listing, opening
from hub.cases.casework.listing import Sought
from hub.cases.casework.statuses import Status
from hub.cases.deadlines import notices
from hub.cases.routes.case_deeds import complaint_of
from hub.cases.routes.names import names
from hub.cases.routes.schemas import NewCase
from hub.cases.routes.wording import WORDS
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.paging import BeforeNumber
from hub.core.permissions import Permission
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity.access import Access
from hub.identity.schemas import Line
from hub.identity.views import Visitor

LIST = "/cases"
OPEN = "open"


class Asked(BaseModel):
    """The filters as an address spells them; `status` is one of them, or open, or empty for all."""

    model_config = ConfigDict(extra="ignore")

    status: Annotated[str, Field(max_length=20)] = OPEN
    topic: Annotated[str, Field(max_length=64)] = ""
    touchpoint: Annotated[str, Field(max_length=64)] = ""
    employee: Annotated[str, Field(max_length=64)] = ""
    facility: Annotated[str, Field(max_length=64)] = ""
    source: Annotated[str, Field(max_length=20)] = ""
    whose: Annotated[str, Field(max_length=12)] = ""
    overdue: bool = False
    q: Annotated[str, Field(max_length=200)] = ""

    def sought(self, account: int) -> Sought:
        """What is looked for; `whose` is `me`, `nobody` or the number of an account."""
        known = {"me": account, "nobody": 0}.get(self.whose)
        whose = int(self.whose) if self.whose.isdecimal() else known
        return Sought(
            statuses=(Status(self.status),) if self.status in set(Status) else (),
            open_only=self.status == OPEN,
            topic=self.topic or None,
            touchpoint=self.touchpoint or None,
            employee=self.employee or None,
            facility=self.facility or None,
            source=self.source or None,
            responsible=whose,
            overdue=self.overdue,
            text=self.q.replace("\x00", ""),
        )

    def query(self, **changed: object) -> str:
        """As an address, without what is left open."""
        told = self.model_dump() | changed
        usual = Asked().model_dump()
        kept = {name: value for name, value in told.items() if value not in (None, usual.get(name))}
        return f"?{urlencode(kept)}" if kept else ""


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The routes."""
    router = Router(prefix=LIST, include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_CASES))
    handles = Depends(access.may(Permission.HANDLE_CASES))

    @router.get("")
    def case_list(
        request: Request,
        asked: Annotated[Asked, Query()],
        before: BeforeNumber = None,
        part: str = "",
        visitor: Visitor = sees,
    ) -> Response:
        with workplace.read() as work:
            seen = _list(work, visitor, asked, before)
        template = "cases/rows.html" if part == "rows" else "cases/list.html"
        return shown.show(request, template, asked=asked, **seen)

    @router.get("/alerts")
    def alerts(request: Request, visitor: Visitor = sees) -> Response:
        with workplace.read() as work:
            found = still_here.alerts(work, visitor.scope)
            known = names(work, visitor.scope)
        return shown.show(request, "cases/alerts.html", alerts=found, names=known, words=WORDS)

    @router.post("/alerts/{alert}/seen")
    def seen(alert: Annotated[int, Path(ge=1, le=MAX_INT)], visitor: Visitor = handles) -> Response:
        with workplace.begin() as work:
            still_here.see(work, visitor.scope, alert)
        return RedirectResponse(f"{LIST}/alerts", 303)

    @router.post("/views")
    def save_view(
        name: Annotated[Line, Form()],
        query: Annotated[str, Form(max_length=1000)] = "",
        visitor: Visitor = sees,
    ) -> Response:
        with workplace.begin() as work:
            listing.save_view(work, visitor.scope, visitor.account.id, name, query.lstrip("?"))
        return RedirectResponse(f"{LIST}?{query.lstrip('?')}", 303)

    @router.post("/views/{view}/delete")
    def delete_view(
        view: Annotated[int, Path(ge=1, le=2**31 - 1)], visitor: Visitor = sees
    ) -> Response:
        with workplace.begin() as work:
            listing.delete_view(work, visitor.scope, visitor.account.id, view)
        return RedirectResponse(LIST, 303)

    @router.get("/new")
    def new_case(request: Request, visitor: Visitor = handles) -> Response:
        with workplace.read() as work:
            known = names(work, visitor.scope)
        return shown.show(request, "cases/new.html", names=known)

    @router.post("/new")
    def open_case(given: Annotated[NewCaseForm, Form()], visitor: Visitor = handles) -> Response:
        told = NewCase.model_validate(
            {name: value for name, value in given.model_dump().items() if value not in ("", None)}
        )
        with workplace.begin() as work:
            number = opening.open_by_hand(work, visitor.scope, complaint_of(told, work.now_ms))
        return RedirectResponse(f"{LIST}/{number}", 303)

    return router


class NewCaseForm(BaseModel):
    """As the form brings it; checked as what a program sends is."""

    facility: str
    touchpoint: str = ""
    employee: str = ""
    phone: str = ""
    email: str = ""
    may_mail: bool = False
    name: str = ""
    words: str = ""
    language: str = ""
    urgent: bool = False


def _list(work: UnitOfWork, visitor: Visitor, asked: Asked, before: int | None) -> dict[str, Any]:
    scope, account = visitor.scope, visitor.account.id
    found = listing.found(work, scope, asked.sought(account), before=before)
    return {
        "cases": found.cases,
        "older": found.cases[-1].id if found.more else None,
        "counts": listing.counts(work, scope),
        "names": names(work, scope),
        "words": WORDS,
        "views": listing.views(work, scope, account),
        "notices": notices.notices(work, scope, account),
        "alerts": [a for a in still_here.alerts(work, scope) if a.seen_ms is None],
        "now_ms": work.now_ms,
    }
