"""The REST resource of clients served."""

from datetime import date
from typing import Annotated

from fastapi import Body, Depends, Query

from hub.core.http_routes import Router
from hub.core.paging import AfterNumber, Limit
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.feedback import served
from hub.feedback.figures.origin import Period
from hub.feedback.served_schemas import EARLIEST, Entered, NewServed, ServedModel
from hub.identity.access import Access
from hub.identity.views import Visitor

Entries = Annotated[list[NewServed], Body(min_length=1, max_length=5000)]
Table = Annotated[bytes, Body(media_type="text/csv", min_length=1)]
Day = Annotated[date | None, Query(description="A day of the facility's calendar")]


def api(workplace: Workplace, access: Access) -> Router:
    """Read by whoever may see answers; entered by administrators and their programs."""
    router = Router(prefix="/api/served", tags=["clients served"])
    sees_answers = Depends(access.may(Permission.SEE_ANSWERS))
    enters = Depends(access.may(Permission.ENTER_SERVED))

    @router.get("")
    def entries(
        limit: Limit = 100,
        after: AfterNumber = None,
        first: Day = None,
        last: Day = None,
        visitor: Visitor = sees_answers,
    ) -> list[ServedModel]:
        """Every source's word on every day, the oldest entry first."""
        period = Period(first or EARLIEST, last or date.max)
        with workplace.read() as work:
            return served.entries(work, visitor.scope, period, limit, after)

    @router.post("", status_code=201)
    def enter(given: Entries, visitor: Visitor = enters) -> Entered:
        """All of them, or none."""
        with workplace.begin() as work:
            stored = served.enter(work, visitor.scope, given, visitor.account.name)
        return Entered(stored=stored)

    @router.post("/csv", status_code=201)
    def enter_csv(content: Table, visitor: Visitor = enters) -> Entered:
        """A table with columns facility, day, count, and employee or touchpoint and source where it has them."""
        with workplace.begin() as work:
            stored = served.enter_csv(work, visitor.scope, content, visitor.account.name)
        return Entered(stored=stored)

    return router
