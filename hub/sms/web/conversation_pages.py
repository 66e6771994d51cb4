"""The pages of conversations: who talks about what, what was written, and answering as a person.

The list is for whoever may see answers, with masked telephones; the words are for fewer, and reading them is audited.
So an open conversation is not read again by itself.
"""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict

from contract.messages.envelope import MAX_INT, Identifier
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.unit_of_work import Workplace
from hub.identity import service as identity
from hub.identity.access import Access
from hub.identity.views import Visitor
from hub.sms.campaigns import definitions
from hub.sms.conversations import reading
from hub.sms.conversations.reading import Show
from hub.sms.conversations.speaking import subjects_of
from hub.sms.gateways import balance
from hub.sms.web import words
from hub.sms.web.meanings import understood

SHOWN = 50
_BLANK_IS_NONE = BeforeValidator(lambda given: given or None)


class Asked(BaseModel):
    """Which conversations."""

    model_config = ConfigDict(extra="ignore")

    campaign: Annotated[Identifier | None, _BLANK_IS_NONE] = None
    show: Show = Show.ALL
    before: Annotated[int | None, Query(ge=1, le=MAX_INT)] = None

    def query(self, **instead: Any) -> str:
        """As the end of an address."""
        chosen = self.model_dump(mode="json", exclude_defaults=True) | instead
        return "?" + urlencode({name: value for name, value in chosen.items() if value})


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The list, one conversation, and what staff do about it."""
    router = Router(prefix="/sms/conversations", include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_ANSWERS))
    reads = Depends(access.may(Permission.SEE_TELEPHONES))
    answers = Depends(access.may(Permission.HANDLE_CASES))

    @router.get("")
    def index(
        request: Request, asked: Annotated[Asked, Query()], visitor: Visitor = sees
    ) -> Response:
        return shown.show(request, "sms/conversations.html", **_listed(workplace, visitor, asked))

    @router.get("/rows")
    def rows(
        request: Request, asked: Annotated[Asked, Query()], visitor: Visitor = sees
    ) -> Response:
        found = _listed(workplace, visitor, asked)
        return shown.show(request, "sms/conversation_rows.html", **found)

    @router.get("/{conversation}")
    def one(request: Request, conversation: int, visitor: Visitor = reads) -> Response:
        with workplace.begin() as work:
            talk = reading.get(work, visitor.scope, conversation)
            said = reading.messages(work, visitor.scope, conversation)
            subjects = subjects_of(conversation)
            doubtful = balance.unresolved(work, visitor.scope, subjects=subjects)
        names = _names(workplace, visitor)
        return shown.show(
            request,
            "sms/conversation.html",
            talk=talk,
            messages=said,
            doubtful=doubtful,
            understood=understood,
            **names,
            **_WORDS,
        )

    @router.post("/{conversation}/messages")
    def write(
        conversation: int,
        text: Annotated[str, Form(min_length=1, max_length=1000)],
        visitor: Visitor = answers,
    ) -> Response:
        with workplace.begin() as work:
            reading.write_to(work, visitor.scope, conversation, text.strip())
        return RedirectResponse(f"/sms/conversations/{conversation}", 303)

    @router.post("/{conversation}/hand-back")
    def hand_back(conversation: int, visitor: Visitor = answers) -> Response:
        with workplace.begin() as work:
            reading.hand_back(work, visitor.scope, conversation)
        return RedirectResponse(f"/sms/conversations/{conversation}", 303)

    return router


_WORDS: dict[str, Any] = {
    "talks": words.TALKS,
    "kinds": words.KINDS,
    "shows": words.SHOWS,
    "deliveries": words.DELIVERIES,
    "patient_languages": words.LANGUAGES,
}


def _listed(workplace: Workplace, visitor: Visitor, asked: Asked) -> dict[str, Any]:
    with workplace.read() as work:
        found = reading.listed(
            work,
            visitor.scope,
            campaign=asked.campaign,
            show=asked.show,
            before=asked.before,
            limit=SHOWN + 1,
        )
    more = found[SHOWN - 1].id if len(found) > SHOWN else None
    names = _names(workplace, visitor)
    return {"conversations": found[:SHOWN], "more": more, "asked": asked, **names, **_WORDS}


def _names(workplace: Workplace, visitor: Visitor) -> dict[str, Any]:
    """What facilities, campaigns and employees are called."""
    with workplace.read() as work:
        places = identity.facilities(work, visitor.scope)
        campaigns = definitions.listed(work, visitor.scope)
        employees = identity.employees(work, visitor.scope)
    return {
        "places": {one.id: one for one in places},
        "campaigns": {one.id: one.name for one in campaigns},
        "employees": {one.id: one.name for one in employees},
    }
