"""What is open to everybody: a complaint's receipt, the form on a QR code or web site, and the end of e-mails.

Decides that whoever asks too often waits, and that a form filled in by a machine is thanked and thrown away.
"""

from typing import Annotated
from uuid import uuid4

from fastapi import Form, Path, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from contract.messages.envelope import Code, Identifier
from contract.receipts import receipt_code
from hub.cases.casework import opening
from hub.cases.casework.opening import Complaint, Source
from hub.cases.casework.person import Person
from hub.cases.correspondence import mails
from hub.cases.receipts import forms, receipts
from hub.cases.routes.wording import STAGES
from hub.core.errors import BadInput, NotFound
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.scope import Scope
from hub.core.static_files import FOLDER as STATIC
from hub.core.texts import gettext as _
from hub.core.texts import spoken
from hub.core.unit_of_work import Workplace

MOST_LETTERS = 2000
NOTHING = {"words": "", "phone": "", "email": ""}
WORKER = STATIC / "push-worker.js"
Typed = Annotated[str, Form(max_length=40)]
Proof = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$")]
Mark = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def pages(workplace: Workplace, shown: Pages) -> Router:
    """The routes."""
    router = Router(include_in_schema=False)

    @router.get("/receipt")
    def ask(request: Request) -> Response:
        return shown.show(request, "cases/receipt.html", receipt=None, problem="", stages=STAGES)

    @router.post("/receipt")
    def look(request: Request, code: Typed = "") -> Response:
        place = f"receipt {request.client.host if request.client else ''}"
        with workplace.begin() as work:
            receipts.note_attempt(work, place)
        try:
            with workplace.read() as work:
                found = receipts.receipt(work, code)
        except NotFound as error:
            return shown.show(
                request,
                "cases/receipt.html",
                status=404,
                receipt=None,
                problem=error.detail,
                stages=STAGES,
            )
        with workplace.begin() as work:
            receipts.forgive_attempt(work, place)
        return shown.show(request, "cases/receipt.html", receipt=found, problem="", stages=STAGES)

    @router.get("/push-worker.js")
    def worker() -> Response:
        """At the root, because a worker serves only what lies below it."""
        return FileResponse(WORKER, media_type="text/javascript")

    router.include(_forms(workplace, shown))
    router.include(_mails(workplace, shown))
    return router


def _forms(workplace: Workplace, shown: Pages) -> Router:
    router = Router(prefix="/say/{organisation}/{facility}/{touchpoint}/{proof}")

    @router.get("")
    def form(
        request: Request,
        organisation: Identifier,
        facility: Identifier,
        touchpoint: Code,
        proof: Proof,
    ) -> Response:
        with workplace.read() as work:
            place = forms.place(work, organisation, facility, touchpoint, proof)
        return shown.show(
            request, "cases/say.html", place=place, code="", problem=None, given=NOTHING
        )

    @router.post("")
    def say(
        request: Request,
        *,
        organisation: Identifier,
        facility: Identifier,
        touchpoint: Code,
        proof: Proof,
        words: Annotated[str, Form(max_length=MOST_LETTERS)] = "",
        phone: Annotated[str, Form(max_length=30)] = "",
        email: Annotated[str, Form(max_length=254)] = "",
        consent: Annotated[bool, Form()] = False,
        website: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        given = {"words": words, "phone": phone, "email": email}
        visit = str(uuid4())
        try:
            person = _person(words, phone, email, consent)
        except BadInput as problem:
            with workplace.read() as work:
                place = forms.place(work, organisation, facility, touchpoint, proof)
            return shown.show(
                request,
                "cases/say.html",
                status=422,
                place=place,
                code="",
                problem=problem,
                given=given,
            )
        with workplace.begin() as work:
            place = forms.place(work, organisation, facility, touchpoint, proof)
            receipts.note_attempt(work, f"say {request.client.host if request.client else ''}")
            if not website:  # people do not see this field
                complaint = Complaint(
                    facility=facility,
                    source=Source.WEB if place.touchpoint is None else Source.QR,
                    origin=f"form/{visit}",
                    person=person,
                    occurred_ms=work.now_ms,
                    visit=visit,
                    touchpoint=place.touchpoint,
                    language=spoken().code,
                )
                scope = Scope(organisation, frozenset({facility}))
                opening.open_case(work, scope, complaint)
        return shown.show(
            request,
            "cases/say.html",
            place=place,
            code=receipt_code(visit),
            problem=None,
            given=given,
        )

    return router


def _mails(workplace: Workplace, shown: Pages) -> Router:
    router = Router(prefix="/mail/stop/{organisation}/{mark}")

    @router.get("")
    def ask(request: Request, organisation: Identifier, mark: Mark) -> Response:  # noqa: ARG001
        done = request.query_params.get("done") == "yes"
        return shown.show(request, "cases/stop.html", done=done)

    @router.post("")
    def stop(request: Request, organisation: Identifier, mark: Mark) -> Response:
        with workplace.begin() as work:
            receipts.note_attempt(work, f"stop {request.client.host if request.client else ''}")
            mails.opt_out(work, organisation, mark)
        return RedirectResponse(f"{request.url.path}?done=yes", 303)

    return router


def _person(words: str, phone: str, email: str, consent: bool) -> Person:
    said = words.replace("\x00", "").strip()
    number = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
    if not said:
        raise BadInput("words", _("Please tell us what happened."))
    if number and not (number.startswith("+") and 8 <= len(number) <= 16):
        raise BadInput("phone", _("Please begin with + and the code of the country, such as +34."))
    if (number or email) and not consent:
        raise BadInput("consent", _("Please agree, or leave telephone and e-mail empty."))
    if email and ("@" not in email or any(sign.isspace() for sign in email)):
        raise BadInput("email", _("This is no e-mail address."))
    return Person(number, email, "", said, may_mail=bool(email) and consent)
