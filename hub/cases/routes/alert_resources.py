"""REST resources: unhappy patients who are still here, and the telephones that are woken for them."""

from typing import Annotated, Any

from fastapi import Depends, Path

from contract.messages.envelope import MAX_INT
from hub.cases.alerts import pushing, still_here
from hub.cases.alerts.pushing import PushKeys
from hub.cases.routes.problem_schemas import (
    AlertModel,
    EndedSubscription,
    NewSubscription,
    PushKeyModel,
)
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor


def api(workplace: Workplace, access: Access, keys: PushKeys) -> Router:
    """For whoever may see cases; a browser is woken for those who handle them."""
    router = Router(prefix="/api/alerts", tags=["alerts"])
    sees = Depends(access.may(Permission.SEE_CASES))
    handles = Depends(access.may(Permission.HANDLE_CASES))
    anybody = Depends(access.may(Permission.SEE_PLACES))  # whom the service lets subscribe

    @router.get("", response_model=list[AlertModel])
    def alerts(visitor: Visitor = sees) -> Any:
        """Of the last half hour, the newest first."""
        with workplace.read() as work:
            return still_here.alerts(work, visitor.scope)

    @router.post("/{alert}/seen", status_code=204)
    def seen(alert: Annotated[int, Path(ge=1, le=MAX_INT)], visitor: Visitor = handles) -> None:
        """I am going there."""
        with workplace.begin() as work:
            still_here.see(work, visitor.scope, alert)

    @router.get("/key")
    def key(visitor: Visitor = anybody) -> PushKeyModel:  # noqa: ARG001 - only those who are let in
        return PushKeyModel(key=keys.public())

    @router.post("/subscriptions", status_code=204)
    def subscribe(given: NewSubscription, visitor: Visitor = anybody) -> None:
        """Wake this browser."""
        told = given.model_dump()
        with workplace.begin() as work:
            pushing.subscribe(work, visitor.scope, told.pop("facility"), told)

    @router.post("/subscriptions/end", status_code=204)
    def unsubscribe(given: EndedSubscription, visitor: Visitor = anybody) -> None:
        """Wake this browser no more."""
        with workplace.begin() as work:
            pushing.unsubscribe(work, visitor.scope, given.endpoint)

    return router
