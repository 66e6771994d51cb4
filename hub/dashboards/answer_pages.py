"""The page of one answer: all that is known of it, and its photograph for those who may see that."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response

from contract.messages.envelope import MAX_INT
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.dashboards.overview import names
from hub.dashboards.words import words
from hub.feedback import service as feedback
from hub.feedback.photographs.viewing import photograph_of
from hub.identity.access import Access
from hub.identity.views import Visitor


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The route. A photograph is asked for by a further step, so that nobody sees one in passing."""
    router = Router(include_in_schema=False)
    sees_answers = Depends(access.may(Permission.SEE_ANSWERS))

    @router.get("/answers/{answer}")
    def answer_page(
        request: Request,
        answer: Annotated[int, Path(ge=1, le=MAX_INT)],
        photograph: Annotated[str, Query(max_length=10)] = "",
        visitor: Visitor = sees_answers,
    ) -> Response:
        with workplace.read() as work:
            found = feedback.answer(work, visitor.scope, answer)
            sees = visitor.may(Permission.SEE_PHOTOGRAPHS)
            taken = photograph_of(work, visitor.scope, found) if sees else None
            known = names(work, visitor)
        return shown.show(
            request,
            "dashboards/answer.html",
            answer=found,
            photograph=taken,
            opened=photograph == "shown",
            names=known,
            zone=known.zone(found.facility),
            words=words(),
        )

    return router
