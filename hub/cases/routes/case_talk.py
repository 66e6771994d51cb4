"""What is said about a case and sent to its patient, from its page: comments, calls, receipts, e-mails, files."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, File, Form, Path, Request, UploadFile
from fastapi.responses import Response

from contract.messages.envelope import MAX_INT
from hub.cases.calling import attempts
from hub.cases.calling.attempts import Outcome
from hub.cases.calling.planning import Wish
from hub.cases.casework import (
    cases,
    comments,
)
from hub.cases.casework.attachments import Upload, content
from hub.cases.casework.comments import Audience
from hub.cases.correspondence import mails
from hub.cases.deadlines import calendars
from hub.cases.receipts import receipts
from hub.cases.routes.desk import CaseNumber, Desk, Words
from hub.core.errors import BadInput, Forbidden
from hub.core.http_routes import Router
from hub.core.objects import ObjectFolder
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.identity.access import Access
from hub.identity.views import Visitor


def talk(desk: Desk, access: Access, files: ObjectFolder) -> Router:
    """Comments, calls, and the telephone in full."""
    router = Router()
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


def letters(desk: Desk, access: Access, address: str) -> Router:
    """Receipts and e-mails."""
    router = Router()
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


def files_of(desk: Desk, access: Access, files: ObjectFolder) -> Router:
    router = Router()
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
