"""The REST resource of alerts and of the chain of people who are told."""

from typing import Annotated

from fastapi import Body, Depends

from hub.core.http_routes import Router
from hub.core.paging import Limit
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.alerts import chain
from hub.sms.alerts.chain import Alert, Link
from hub.sms.api.models import MOST_PEOPLE, AlertId, FacilityId, Person

People = Annotated[list[Person], Body(max_length=MOST_PEOPLE)]


def api(workplace: Workplace, access: Access) -> Router:
    """Seen by the staff, taken on by whoever handles cases."""
    router = Router(prefix="/api/sms", tags=["alerts"])
    sees = Depends(access.may(Permission.SEE_CASES))
    handles = Depends(access.may(Permission.HANDLE_CASES))
    directs = Depends(access.may(Permission.DIRECT_CASES))

    @router.get("/alerts")
    def alerts(visitor: Visitor = sees, limit: Limit = 100, waiting: bool = False) -> list[Alert]:
        """The newest first."""
        with workplace.read() as work:
            return chain.listed(work, visitor.scope, limit, waiting_only=waiting)

    @router.get("/alerts/{alert}")
    def alert(alert: AlertId, visitor: Visitor = sees) -> Alert:
        """The one that a link leads to."""
        with workplace.read() as work:
            return chain.get(work, visitor.scope, alert)

    @router.post("/alerts/{alert}/acknowledgement")
    def acknowledge(alert: AlertId, visitor: Visitor = handles) -> Alert:
        """Take it on; nobody else is told."""
        with workplace.begin() as work:
            return chain.acknowledge(work, visitor.scope, alert, visitor.account.name)

    @router.get("/facilities/{facility}/chain")
    def people(facility: FacilityId, visitor: Visitor = directs) -> list[Person]:
        """Who is told, the first one first."""
        with workplace.read() as work:
            found = chain.chain_of(work, visitor.scope, facility)
        return [Person(address=one.address, minutes=one.minutes) for one in found]

    @router.put("/facilities/{facility}/chain", status_code=204)
    def set_people(facility: FacilityId, given: People, visitor: Visitor = directs) -> None:
        """The whole chain anew."""
        links = [Link(one.address, one.minutes) for one in given]
        with workplace.begin() as work:
            chain.set_chain(work, visitor.scope, facility, links)

    return router
