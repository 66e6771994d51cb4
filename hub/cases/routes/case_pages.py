"""The page of a case: its whole story in one column, and what can be done next beside it."""

from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.responses import Response

from contract.messages.envelope import MAX_INT
from hub.cases.casework import (
    assigning,
    cases,
    moving,
    understanding,
)
from hub.cases.casework.moving import Labour, Move
from hub.cases.casework.statuses import Status
from hub.cases.labour import entries
from hub.cases.labour.entries import Activity
from hub.cases.routes.case_talk import files_of, letters, talk
from hub.cases.routes.desk import CaseNumber, Desk, Minutes, Words
from hub.cases.topics.taxonomy import Topic
from hub.core.errors import NotFound
from hub.core.http_routes import Router
from hub.core.objects import ObjectFolder
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor


def pages(
    workplace: Workplace, access: Access, shown: Pages, files: ObjectFolder, address: str
) -> Router:
    """The routes."""
    router = Router(prefix="/cases", include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_CASES))
    desk = Desk(workplace, shown)

    @router.get("/{case}")
    def case_page(request: Request, case: CaseNumber, visitor: Visitor = sees) -> Response:
        return desk.page(request, visitor, case)

    router.include(_progress(desk, access))
    router.include(_care(desk, access))
    router.include(talk(desk, access, files))
    router.include(letters(desk, access, address))
    router.include(files_of(desk, access, files))
    return router


def _progress(desk: Desk, access: Access) -> Router:
    """Statuses, merging, and whose turn it is."""
    router = Router()
    handles = Depends(access.may(Permission.HANDLE_CASES))

    @router.post("/{case}/status")
    def change_status(
        request: Request,
        *,
        case: CaseNumber,
        to: Annotated[str, Form(max_length=100)],
        minutes: Minutes = None,
        activity: Annotated[Activity, Form()] = Activity.OTHER,
        note: Words = "",
        version: Annotated[int | None, Form()] = None,
        visitor: Visitor = handles,
    ) -> Response:
        status, _slash, label = to.partition("/")
        if status not in set(Status):
            raise NotFound("")
        labour = Labour(minutes, activity)
        move = Move(case, Status(status), labour, label or None, note, version)
        return desk.does(request, visitor, case, lambda w, s: moving.change_status(w, s, move))

    @router.post("/{case}/merge")
    def merge(
        request: Request,
        case: CaseNumber,
        into: Annotated[int, Form(ge=1, le=MAX_INT)],
        minutes: Minutes = None,
        visitor: Visitor = handles,
    ) -> Response:
        labour = Labour(minutes)
        return desk.does(
            request, visitor, case, lambda w, s: moving.merge(w, s, case, into, labour)
        )

    @router.post("/{case}/part")
    def part(
        request: Request, case: CaseNumber, minutes: Minutes = None, visitor: Visitor = handles
    ) -> Response:
        labour = Labour(minutes)
        return desk.does(request, visitor, case, lambda w, s: moving.part(w, s, case, labour))

    @router.post("/{case}/waiting")
    def wait(
        request: Request,
        case: CaseNumber,
        waiting: Annotated[bool, Form()],
        visitor: Visitor = handles,
    ) -> Response:
        return desk.does(
            request, visitor, case, lambda w, s: moving.wait_for_patient(w, s, case, waiting)
        )

    return router


def _care(desk: Desk, access: Access) -> Router:
    """Assignment, control, topic and the clock of whoever works."""
    router = Router()
    handles = Depends(access.may(Permission.HANDLE_CASES))
    directs = Depends(access.may(Permission.DIRECT_CASES))

    @router.post("/{case}/assign")
    def assign(
        request: Request,
        case: CaseNumber,
        responsible: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
        helpers: Annotated[list[int] | None, Form()] = None,
        visitor: Visitor = handles,
    ) -> Response:
        def deed(work: UnitOfWork, scope: Scope) -> None:
            assigning.assign(work, scope, case, responsible or None, helpers or ())

        return desk.does(request, visitor, case, deed)

    @router.post("/{case}/control")
    def control(request: Request, case: CaseNumber, visitor: Visitor = directs) -> Response:
        return desk.does(request, visitor, case, lambda w, s: moving.control(w, s, case))

    @router.post("/{case}/topic")
    def topic(
        request: Request,
        case: CaseNumber,
        topic: Annotated[str, Form(max_length=100)],
        visitor: Visitor = handles,
    ) -> Response:
        """`waiting`, or with its subtopic `waiting/queue`."""
        code, _slash, subtopic = topic.partition("/")
        if code not in set(Topic):
            raise NotFound("")

        def deed(work: UnitOfWork, scope: Scope) -> None:
            understanding.choose_topic(work, scope, case, Topic(code), subtopic or None)

        return desk.does(request, visitor, case, deed)

    @router.post("/{case}/timer")
    def timer(
        request: Request,
        case: CaseNumber,
        activity: Annotated[Activity | None, Form()] = None,
        visitor: Visitor = handles,
    ) -> Response:
        def deed(work: UnitOfWork, scope: Scope) -> None:
            if activity is None:
                entries.stop_timer(work, scope)
            else:
                facility = cases.case(work, scope, case).facility
                entries.start_timer(work, scope, case, facility, activity)

        return desk.does(request, visitor, case, deed)

    return router
