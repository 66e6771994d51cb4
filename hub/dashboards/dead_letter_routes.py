"""Payloads that could not be stored: looked at, and replayed. They may hold a patient's words: administrators only."""

from base64 import b64encode
from dataclasses import asdict
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import MAX_INT
from hub.core import dead_letters
from hub.core.dead_letters import DeadLetterView
from hub.core.errors import Conflict, NotFound
from hub.core.http_routes import Router
from hub.core.inbox import Inbox, NotReplayable
from hub.core.pages import Pages
from hub.core.paging import BeforeNumber
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.dashboards.letter_words import LETTERS
from hub.dashboards.overview import names
from hub.dashboards.schemas import DeadLetterModel, ReplayedModel, WholeDeadLetterModel
from hub.identity.access import Access
from hub.identity.views import Visitor

PAGE = 20
SHOWN_BYTES = 8 * 1024

LetterId = Annotated[int, Path(ge=1, le=MAX_INT)]


def pages(workplace: Workplace, access: Access, inbox: Inbox, shown: Pages) -> Router:
    """The list with its payloads, and the button that replays one."""
    router = Router(include_in_schema=False)
    sees_letters = Depends(access.may(Permission.SEE_DEAD_LETTERS))

    def letters_page(
        request: Request,
        visitor: Visitor,
        before: int | None = None,
        refused: Conflict | None = None,
    ) -> Response:
        with workplace.read() as work:
            found = dead_letters.dead_letters(work, visitor.scope, PAGE, before)
            known = names(work, visitor)
        return shown.show(
            request,
            "dashboards/dead_letters.html",
            status=refused.status if refused else 200,
            letters=[(letter, readable(letter.payload)) for letter in found],
            names=known,
            reasons=LETTERS,
            older=found[-1].id if len(found) == PAGE else None,
            refused=refused,
            shown_bytes=SHOWN_BYTES,
            replayed=request.query_params.get("replayed") == "yes",
        )

    @router.get("/dead-letters")
    def letters(
        request: Request, before: BeforeNumber = None, visitor: Visitor = sees_letters
    ) -> Response:
        return letters_page(request, visitor, before)

    @router.post("/dead-letters/{letter}/replay")
    def replay_letter(
        request: Request, letter: LetterId, visitor: Visitor = sees_letters
    ) -> Response:
        try:
            replay(workplace, inbox, visitor.scope, letter)
        except Conflict as refused:
            return letters_page(request, visitor, refused=refused)
        return RedirectResponse("/dead-letters?replayed=yes", 303)

    return router


def api(workplace: Workplace, access: Access, inbox: Inbox) -> Router:
    """The same for programs."""
    router = Router(prefix="/api/dead-letters", tags=["dead letters"])
    sees_letters = Depends(access.may(Permission.SEE_DEAD_LETTERS))

    @router.get("")
    def letters(
        limit: Annotated[int, Query(ge=1, le=100)] = PAGE,
        before: BeforeNumber = None,
        visitor: Visitor = sees_letters,
    ) -> list[DeadLetterModel]:
        """The newest first."""
        with workplace.read() as work:
            found = dead_letters.dead_letters(work, visitor.scope, limit, before)
        return [DeadLetterModel.model_validate(asdict(letter)) for letter in found]

    @router.get("/{letter}")
    def letter_with_payload(
        letter: LetterId, visitor: Visitor = sees_letters
    ) -> WholeDeadLetterModel:
        found = _letter(workplace, visitor.scope, letter)
        payload = b64encode(found.payload).decode()
        return WholeDeadLetterModel.model_validate(asdict(found) | {"payload_base64": payload})

    @router.post("/{letter}/replay")
    def replay_letter(letter: LetterId, visitor: Visitor = sees_letters) -> ReplayedModel:
        """Try to store it again: 409 says why it still cannot be."""
        replay(workplace, inbox, visitor.scope, letter)
        return ReplayedModel(id=letter, state="replayed")

    return router


def replay(workplace: Workplace, inbox: Inbox, scope: Scope, letter: int) -> None:
    """Store a letter after all; raises NotFound, or Conflict with the reason."""
    _letter(workplace, scope, letter)
    try:
        inbox.replay(scope, letter)
    except NotReplayable as error:
        raise Conflict(str(error)) from error


def readable(payload: bytes) -> str | None:
    """The payload's start as text, or None when it is not text that can be shown."""
    start = payload[:SHOWN_BYTES]
    try:
        text = start.decode()
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3 or len(payload) <= SHOWN_BYTES:
            return None
        text = start[: error.start].decode()  # the cut went through the last character
    return text if all(sign.isprintable() or sign in "\n\r\t" for sign in text) else None


def _letter(workplace: Workplace, scope: Scope, letter: int) -> DeadLetterView:
    with workplace.read() as work:
        found = dead_letters.dead_letter(work, scope, letter)
    if found is None:
        raise NotFound(_("There is no such dead letter."))
    return found
