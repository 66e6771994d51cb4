"""Templates of e-mails to patients: written, looked at, tried out on oneself, approved by somebody else, restored."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from babel import Locale
from fastapi import Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from contract.messages.envelope import MAX_INT, Code, Identifier
from hub.cases.correspondence import templates, trying
from hub.cases.correspondence.templates import LANGUAGES, TemplateView
from hub.cases.routes.settings.frame import HOME, FacilityId, Frame
from hub.core.errors import NotFound
from hub.core.http_routes import Router
from hub.core.permissions import Permission
from hub.core.scope import Scope
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.identity import colleagues
from hub.identity.access import Access
from hub.identity.entry_pages import FormFields
from hub.identity.forms import new_id
from hub.identity.refusals import Deed, Refusal
from hub.identity.views import Visitor

NEW = "new"
"""In an address, instead of a template that has no code yet."""
NAMES = {code: (Locale(code).get_display_name(code) or code).capitalize() for code in LANGUAGES}

TemplateId = Annotated[Code, Path()]
Language = Annotated[str, Path(pattern=r"^[a-z]{2}$")]


class Letter(NamedTuple):
    """One template in one language, as services take it."""

    facility: str
    template: str
    language: str

    @property
    def at(self) -> str:
        """Its page."""
        return f"{HOME}/mails/{self.facility}/{self.template}/{self.language}"


def _letter(facility: FacilityId, template: TemplateId, language: Language) -> Letter:
    if language not in LANGUAGES:
        raise NotFound(_("There is no such template."))
    return Letter(facility, template, language)


Which = Annotated[Letter, Depends(_letter)]
LETTER = "/{facility}/{template}/{language}"


def pages(frame: Frame, access: Access, address: str) -> Router:
    """The routes; `address` is the hub's own."""
    router = Router(prefix=f"{HOME}/mails", include_in_schema=False)
    directs = Depends(access.may(Permission.DIRECT_CASES))
    shown = _Shown(frame, address)

    @router.get("")
    def mails(
        request: Request,
        facility: Annotated[Identifier | None, Query()] = None,
        visitor: Visitor = directs,
    ) -> Response:
        return frame.page(request, visitor, "mails", _all, facility=facility)

    @router.get(LETTER)
    def mail(request: Request, letter: Which, visitor: Visitor = directs) -> Response:
        return shown.one(request, visitor, letter)

    @router.post(LETTER)
    def save(
        request: Request, letter: Which, form: FormFields, visitor: Visitor = directs
    ) -> Response:
        """Look at it first where the form says `look`; else a new version."""
        said = {name: str(form.get(name, "")) for name in ("subject", "body")}
        if "look" in form:
            looked = frame.refusal(visitor, lambda _work, _scope: templates.checked(**said))
            return shown.one(request, visitor, letter, looked, said)
        code = new_id(said["subject"]) if letter.template == NEW else letter.template
        known = letter._replace(template=code)
        refusal = frame.refusal(visitor, lambda w, scope: templates.write(w, scope, *known, **said))
        if refusal is not None:
            return shown.one(request, visitor, letter, refusal, said)
        return _at(known, "saved")

    router.include(_deeds(shown, directs))
    return router


def _deeds(shown: "_Shown", directs: Any) -> Router:
    """Approving, trying out and bringing back."""
    router = Router()

    @router.post(f"{LETTER}/approve")
    def approve(request: Request, letter: Which, visitor: Visitor = directs) -> Response:
        deed: Deed = lambda work, scope: templates.approve(work, scope, *letter)  # noqa: E731
        return shown.after(request, visitor, letter, deed, "approved")

    @router.post(f"{LETTER}/try")
    def try_out(request: Request, letter: Which, visitor: Visitor = directs) -> Response:
        def deed(work: UnitOfWork, scope: Scope) -> None:
            newest = templates.version(work, scope, *letter)
            trying.send_to_oneself(work, scope, newest, shown.address)

        return shown.after(request, visitor, letter, deed, "tried")

    @router.post(f"{LETTER}/restore")
    def restore(
        request: Request,
        letter: Which,
        version: Annotated[int, Form(ge=1, le=MAX_INT)],
        visitor: Visitor = directs,
    ) -> Response:
        deed: Deed = lambda work, scope: templates.restore(  # noqa: E731
            work, scope, *letter, number=version
        )
        return shown.after(request, visitor, letter, deed, "saved")

    return router


class _Shown:
    """The page of one template in one language."""

    def __init__(self, frame: Frame, address: str) -> None:
        self.address = address
        self._frame = frame

    def after(
        self, request: Request, visitor: Visitor, letter: Letter, deed: Deed, done: str
    ) -> Response:
        """Do it and come back to the page, which says that it is done, or what stood against it."""
        refusal = self._frame.refusal(visitor, deed)
        return self.one(request, visitor, letter, refusal) if refusal else _at(letter, done)

    def one(
        self,
        request: Request,
        visitor: Visitor,
        letter: Letter,
        refusal: Refusal | None = None,
        given: Mapping[str, str] | None = None,
    ) -> Response:
        """`given` are words that are not stored (yet)."""

        def read(work: UnitOfWork, scope: Scope, _facility: str) -> Mapping[str, Any]:
            return _read(work, scope, letter, self.address, given)

        return self._frame.page(
            request,
            visitor,
            "mails",
            read,
            facility=letter.facility,
            part="mail",
            refusal=refusal,
        )


def _read(
    work: UnitOfWork, scope: Scope, letter: Letter, address: str, given: Mapping[str, str] | None
) -> Mapping[str, Any]:
    found = templates.versions(work, scope, *letter)
    if not found and not _has_another_language(work, scope, letter.facility, letter.template):
        raise NotFound(_("There is no such template."))
    words = given or _words(found)
    account = colleagues.account_of(scope)
    mine = "" if account is None else colleagues.address_of(work, scope, account)
    return {
        "template_id": letter.template,
        "code": letter.language,
        "language_name": NAMES[letter.language],
        "languages_known": NAMES,
        "versions": found,
        "given": words,
        "preview": trying.preview(work, scope, letter.facility, words, address),
        "own_address": mine,
        "is_author": bool(found) and found[0].written_by == scope.actor,
    }


def _at(letter: Letter, done: str) -> Response:
    return RedirectResponse(f"{letter.at}?done={done}", 303)


def _all(work: UnitOfWork, scope: Scope, facility: str) -> Mapping[str, Any]:
    found: dict[str, dict[str, TemplateView]] = {}
    for one in templates.templates(work, scope, facility):
        found.setdefault(one.id, {})[one.language] = one
    return {"templates": found, "languages_known": NAMES}


def _has_another_language(work: UnitOfWork, scope: Scope, facility: str, template: str) -> bool:
    known = templates.templates(work, scope, facility)
    return template == NEW or any(one.id == template for one in known)


def _words(found: list[TemplateView]) -> Mapping[str, str]:
    return {
        "subject": found[0].subject if found else "",
        "body": found[0].body if found else "",
    }
