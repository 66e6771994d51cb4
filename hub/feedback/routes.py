"""The REST resource of answers; beside it, that of clients served."""

from typing import Annotated, Any

from fastapi import Depends, Query

from contract.messages.envelope import Identifier
from hub.core.errors import BadInput
from hub.core.http_routes import Router
from hub.core.paging import AfterNumber, BeforeNumber, Limit
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.feedback import served_routes, service
from hub.feedback.schemas import AnswerModel
from hub.identity.access import Access
from hub.identity.views import Visitor


def api(workplace: Workplace, access: Access) -> Router:
    """For whoever may see answers."""
    router = Router()
    sees_answers = Depends(access.may(Permission.SEE_ANSWERS))

    @router.get("/api/answers", tags=["answers"], response_model=list[AnswerModel])
    def answers(
        visitor: Visitor = sees_answers,
        limit: Limit = 50,
        after: AfterNumber = None,
        before: BeforeNumber = None,
        facility: Annotated[Identifier | None, Query()] = None,
    ) -> Any:
        """The newest first; given `after`, those stored since that one, oldest first."""
        scope = _narrowed(visitor.scope, facility)
        with workplace.read() as work:
            found = service.recent(work, scope, limit, after=after, before=before)
        return [answer._asdict() for answer in found]

    router.include(served_routes.api(workplace, access))
    return router


def _narrowed(scope: Scope, facility: str | None) -> Scope:
    if facility is None:
        return scope
    if not scope.covers(scope.organisation, facility):
        raise BadInput("facility", _("There is no such facility."))
    return scope.within(facility)
