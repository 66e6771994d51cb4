"""The live page, and the stream that keeps it alive."""

import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from contract.messages.envelope import MAX_INT, Identifier
from hub.core.errors import HubError, NotFound
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.paging import AfterNumber
from hub.core.permissions import Permission
from hub.core.texts import gettext as _
from hub.core.unit_of_work import Workplace
from hub.dashboards.choices import choices
from hub.dashboards.filters import PERIODS, AskedFor, midnight_ms
from hub.dashboards.frames import REFRESH, RETRY, answer_frame
from hub.dashboards.live import Live, Reader
from hub.dashboards.tile_routes import tiles_for
from hub.dashboards.tiles import presence, watch
from hub.dashboards.tiles.board import Board
from hub.dashboards.words import FACES, words
from hub.feedback import browsing
from hub.feedback import service as feedback
from hub.feedback.browsing import Sought
from hub.feedback.events import AnswerView
from hub.fleet import service as fleet
from hub.identity.access import Access
from hub.identity.views import Visitor

SHOWN_ANSWERS = 20
CAUGHT_UP_ANSWERS = 500
DAY_MS = 24 * 3600 * 1000
WELCOME_S = 60.0
"""How often an open stream asks whether its visitor is still signed in."""


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The page, its answers when they are read again, and who needs a call."""
    router = Router(include_in_schema=False)
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))
    sees_answers = Depends(access.may(Permission.SEE_ANSWERS))
    manages_devices = Depends(access.may(Permission.MANAGE_DEVICES))

    @router.get("/")
    def live_page(
        request: Request, asked: AskedFor, visitor: Visitor = sees_devices
    ) -> HTMLResponse:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            collected = presence.collected(seen)
            return shown.show(
                request,
                "dashboards/live.html",
                answers=_newest(seen),
                names=seen.names,
                choices=choices(seen),
                days=seen.days,
                until_ms=midnight_ms(seen.days.last, seen.zone) + DAY_MS,
                tiles=[name for name in tiles_for(seen.scope) if collected.get(name, True)],
                words=words(),
                faces=FACES,
                asked=asked,
                periods=PERIODS,
            )

    @router.get("/live/answers")
    def answers_part(
        request: Request, asked: AskedFor, visitor: Visitor = sees_answers
    ) -> HTMLResponse:
        with workplace.read() as work:
            seen = Board(work, visitor, asked)
            return shown.show(
                request,
                "dashboards/answers.html",
                answers=_newest(seen),
                names=seen.names,
                words=words(),
                asked=asked,
            )

    @router.get("/calls")
    def calls_page(
        request: Request, asked: AskedFor, visitor: Visitor = sees_answers
    ) -> HTMLResponse:
        with workplace.begin() as work:  # who looks at telephone numbers, even masked, is recorded
            seen = Board(work, visitor, asked)
            found, names = watch.calls(seen), seen.names
            shown_now = len(found["wishes"])
            work.audit.record(visitor.scope, "contacts.listed", "contacts", count=shown_now)
        return shown.show(
            request, "dashboards/calls.html", names=names, words=words(), asked=asked, **found
        )

    @router.post("/devices/{device}/release")
    def release(
        device: Annotated[Identifier, Path()], visitor: Visitor = manages_devices
    ) -> Response:
        """Let a device speak again that was stopped because two terminals used its identity."""
        with workplace.begin() as work:
            if not fleet.release(work, visitor.scope, device):
                raise NotFound(_("There is no such device."))
        return RedirectResponse("/", 303)

    return router


def api(workplace: Workplace, access: Access, live: Live) -> Router:
    """The stream. Fleet operators are told of devices alone."""
    router = Router(prefix="/api", tags=["live"])
    sees_devices = Depends(access.may(Permission.SEE_DEVICES))

    @router.get("/live", response_class=StreamingResponse)
    async def stream(
        request: Request,
        visitor: Visitor = sees_devices,
        after: AfterNumber = None,
        last_event_id: Annotated[str | None, Header(max_length=20)] = None,
    ) -> StreamingResponse:
        """Server-Sent Events, from now on or after a known answer.

        `answer`, `flagged`, `presence`, `device`, `conversation`, and `refresh`.
        """
        seen = _number(last_event_id) if last_event_id else after

        async def chunks() -> AsyncIterator[bytes]:
            with live.reading(visitor.scope, visitor.may(Permission.SEE_ANSWERS)) as reader:
                yield RETRY
                if seen is not None and reader.sees_answers:
                    yield await run_in_threadpool(caught_up, workplace, reader, seen)
                asked = time.monotonic()
                async for chunk in reader.chunks():
                    yield chunk
                    if time.monotonic() - asked > WELCOME_S:
                        asked = time.monotonic()
                        if not await run_in_threadpool(_is_welcome, access, request, visitor):
                            return

        return StreamingResponse(
            chunks(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )

    return router


def _newest(seen: Board) -> list[AnswerView]:
    if not seen.scope.may(Permission.SEE_ANSWERS):
        return []
    began = midnight_ms(seen.days.first, seen.zone)
    until = midnight_ms(seen.days.last, seen.zone) + DAY_MS
    sought = Sought(seen.filters.touchpoint, seen.filters.employee, began, until)
    return browsing.newest(seen.work, seen.scope, sought, SHOWN_ANSWERS)


def caught_up(workplace: Workplace, reader: Reader, seen: int) -> bytes:
    """What came after the answer that the reader saw last, or the advice to read everything again."""
    with workplace.read() as work:
        missed = feedback.recent(work, reader.scope, CAUGHT_UP_ANSWERS + 1, after=seen)
    if len(missed) > CAUGHT_UP_ANSWERS:
        return REFRESH
    reader.already_told = frozenset(answer.id for answer in missed)
    return b"".join(answer_frame(answer._asdict(), None).text for answer in missed)


def _is_welcome(access: Access, request: Request, since: Visitor) -> bool:
    try:
        now = access.visitor(request).where(Permission.SEE_DEVICES)
    except HubError:
        return False
    return now.scope == since.scope  # whose roles have changed begins anew


def _number(text: str) -> int | None:
    """An id that a reader gives back; whatever it is, it must not end the stream."""
    return min(int(text), MAX_INT) if text.isascii() and text.isdigit() else None
