"""The page of a case: its whole story in one column, and what can be done next beside it.

A refusal (409, 422) comes back on the same page with its reason; nothing was changed then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, File, Form, Path, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import MAX_INT
from hub.cases.calling import attempts
from hub.cases.calling.attempts import Outcome
from hub.cases.calling.planning import Wish
from hub.cases.casework import (
    assigning,
    by_sms,
    cases,
    comments,
    listing,
    moving,
    understanding,
)
from hub.cases.casework.attachments import Upload, attachments, content
from hub.cases.casework.comments import Audience
from hub.cases.casework.moving import Labour, Move
from hub.cases.casework.person import Person
from hub.cases.casework.statuses import Status
from hub.cases.correspondence import mails, templates
from hub.cases.deadlines import calendars, notices, running
from hub.cases.labour import entries
from hub.cases.labour.entries import Activity
from hub.cases.receipts import receipts
from hub.cases.routes.names import names
from hub.cases.routes.wording import WORDS
from hub.cases.topics.taxonomy import Topic
from hub.core.errors import BadInput, Conflict, Forbidden, HubError, NotFound
from hub.core.objects import ObjectFolder
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.identity.access import Access
from hub.identity.views import Visitor

CaseNumber = Annotated[int, Path(ge=1, le=MAX_INT)]
Minutes = Annotated[int | None, Form()]
Words = Annotated[str, Form(max_length=4000)]
Deed = Callable[[UnitOfWork, Scope], object]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every deed on the page needs."""

    workplace: Workplace
    shown: Pages

    def page(
        self,
        request: Request,
        visitor: Visitor,
        case: int,
        *,
        person: Person | None = None,
        refusal: HubError | None = None,
    ) -> Response:
        """The whole page; `person` in full where somebody has asked for it."""
        with self.workplace.begin() as work:
            values = _seen(work, visitor, case)
        status = 200 if refusal is None else refusal.status
        return self.shown.show(
            request, "cases/case.html", status=status, revealed=person, refusal=refusal, **values
        )

    def does(self, request: Request, visitor: Visitor, case: int, deed: Deed) -> Response:
        """Do it and show the case; a refusal is shown with its reason."""
        try:
            with self.workplace.begin() as work:
                deed(work, visitor.scope)
        except (BadInput, Conflict, Forbidden) as refusal:
            return self.page(request, visitor, case, refusal=refusal)
        return RedirectResponse(f"/cases/{case}", 303)


def pages(
    workplace: Workplace, access: Access, shown: Pages, files: ObjectFolder, address: str
) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/cases", include_in_schema=False)
    sees = Depends(access.may(Permission.SEE_CASES))
    desk = Desk(workplace, shown)

    @router.get("/{case}")
    def case_page(request: Request, case: CaseNumber, visitor: Visitor = sees) -> Response:
        return desk.page(request, visitor, case)

    router.include_router(_progress(desk, access))
    router.include_router(_care(desk, access))
    router.include_router(_talk(desk, access, files))
    router.include_router(_letters(desk, access, address))
    router.include_router(_files(desk, access, files))
    return router


def _progress(desk: Desk, access: Access) -> APIRouter:
    """Statuses, merging, and whose turn it is."""
    router = APIRouter()
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


def _care(desk: Desk, access: Access) -> APIRouter:
    """Assignment, control, topic and the clock of whoever works."""
    router = APIRouter()
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
        topic: Annotated[Topic, Form()],
        visitor: Visitor = handles,
    ) -> Response:
        return desk.does(
            request, visitor, case, lambda w, s: understanding.choose_topic(w, s, case, topic)
        )

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


def _talk(desk: Desk, access: Access, files: ObjectFolder) -> APIRouter:
    """Comments, calls, and the telephone in full."""
    router = APIRouter()
    handles = Depends(access.may(Permission.HANDLE_CASES))
    reads_telephones = Depends(access.may(Permission.SEE_TELEPHONES))

    @router.post("/{case}/person")
    def reveal(request: Request, case: CaseNumber, visitor: Visitor = reads_telephones) -> Response:
        try:
            with desk.workplace.begin() as work:
                person = cases.person_of(work, visitor.scope, case)
        except Forbidden as refusal:
            return desk.page(request, visitor, case, refusal=refusal)
        return desk.page(request, visitor, case, person=person)

    @router.post("/{case}/comment")
    def comment(
        request: Request,
        *,
        case: CaseNumber,
        text: Words = "",
        audience: Annotated[Audience, Form()] = Audience.INTERNAL,
        attached: Annotated[list[UploadFile] | None, File()] = None,
        visitor: Visitor = handles,
    ) -> Response:
        uploads = [Upload(f.filename or "", f.file.read()) for f in attached or [] if f.filename]

        def deed(work: UnitOfWork, scope: Scope) -> None:
            comments.comment(work, scope, case, text, audience, folder=files, uploads=uploads)
            row = cases.found(work, scope, case)
            for account in comments.mentions_in(work, scope, text):
                notices.notify(work, row, account, "mention")

        return desk.does(request, visitor, case, deed)

    @router.post("/{case}/call")
    def call(
        request: Request,
        *,
        case: CaseNumber,
        outcome: Annotated[Outcome, Form()],
        wished: Annotated[str, Form(max_length=30)] = "",
        note: Words = "",
        visitor: Visitor = handles,
    ) -> Response:
        def deed(work: UnitOfWork, scope: Scope) -> None:
            facility = cases.case(work, scope, case).facility
            zone = calendars.calendar_of(work, scope, facility).time_zone
            attempts.log_call(work, scope, case, outcome, wish=_wish(wished, zone), note=note)

        return desk.does(request, visitor, case, deed)

    return router


def _letters(desk: Desk, access: Access, address: str) -> APIRouter:
    """Receipts and e-mails."""
    router = APIRouter()
    handles = Depends(access.may(Permission.HANDLE_CASES))
    directs = Depends(access.may(Permission.DIRECT_CASES))

    @router.post("/{case}/receipt")
    def receipt(request: Request, case: CaseNumber, visitor: Visitor = handles) -> Response:
        return desk.does(
            request, visitor, case, lambda w, s: receipts.send_code(w, s, case, address)
        )

    @router.post("/{case}/mail")
    def mail(
        request: Request,
        case: CaseNumber,
        template: Annotated[str, Form(max_length=64)],
        own_words: Words = "",
        visitor: Visitor = handles,
    ) -> Response:
        return desk.does(
            request,
            visitor,
            case,
            lambda w, s: mails.write(
                w, s, case_id=case, template=template, address=address, own_words=own_words
            ),
        )

    @router.post("/{case}/mail/{mail}/approve")
    def approve(
        request: Request,
        case: CaseNumber,
        mail: Annotated[int, Path(ge=1, le=MAX_INT)],
        visitor: Visitor = directs,
    ) -> Response:
        return desk.does(request, visitor, case, lambda w, s: mails.approve(w, s, case, mail))

    return router


def _files(desk: Desk, access: Access, files: ObjectFolder) -> APIRouter:
    router = APIRouter()
    handles = Depends(access.may(Permission.HANDLE_CASES))

    @router.get("/{case}/files/{file}")
    def attachment(
        case: CaseNumber,
        file: Annotated[int, Path(ge=1, le=MAX_INT)],
        visitor: Visitor = handles,
    ) -> Response:
        with desk.workplace.begin() as work:
            kind, read = content(work, visitor.scope, case, file, files)
        return Response(read, media_type=kind, headers={"Content-Disposition": "attachment"})

    return router


def _wish(wished: str, zone: str) -> Wish | None:
    if not wished:
        return None
    try:
        return Wish(at=datetime.fromisoformat(wished).replace(tzinfo=ZoneInfo(zone)))
    except ValueError as error:
        raise BadInput("wished", wished) from error


def _seen(work: UnitOfWork, visitor: Visitor, number: int) -> dict[str, Any]:
    scope = visitor.scope
    whole = cases.whole_case(work, scope, number)
    facility = whole.case.facility
    handles = scope.within(facility).may(Permission.HANDLE_CASES)
    notices.see(work, scope, visitor.account.id, number)
    reads = scope.within(facility).may(Permission.SEE_TELEPHONES)
    return {
        "whole": whole,
        "case": whole.case,
        "words": WORDS,
        "names": names(work, scope),
        "handles": handles,
        "directs": scope.within(facility).may(Permission.DIRECT_CASES),
        "calls": attempts.attempts(work, scope, number),
        "deadlines": running.deadlines(work, scope, number),
        "labour": entries.entries(work, scope, number),
        "timer": entries.timer(work, scope),
        "files": attachments(work, scope, number),
        "labels": listing.labels(work, scope, facility),
        "proposals": assigning.suggestions(work, scope, number) if handles else [],
        "code": receipts.code_of(work, scope, number) if handles and not whole.hidden else "",
        "templates": templates.templates(work, scope, facility) if handles else [],
        "mails": mails.mails(work, scope, number) if reads else [],
        "conversation": [] if whole.hidden else by_sms.conversation_of(work, scope, number),
        "now_ms": work.now_ms,
    }
