"""Templates of e-mails to patients: written, looked at, tried out on oneself, approved by somebody else, restored."""

from collections.abc import Mapping
from typing import Annotated, Any

from babel import Locale
from fastapi import Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from contract.messages.envelope import Code, Identifier
from hub.cases.casework.workers import account_of
from hub.cases.correspondence import templates, trying
from hub.cases.correspondence.templates import LANGUAGES, TemplateView
from hub.cases.routes.settings.frame import HOME, FacilityId, Frame, Refusal, back
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
from hub.identity.views import Visitor

NEW = "new"
"""In an address, instead of a template that has no code yet."""
NAMES = {code: (Locale(code).get_display_name(code) or code).capitalize() for code in LANGUAGES}

TemplateId = Annotated[Code, Path()]
Language = Annotated[str, Path(pattern=r"^[a-z]{2}$")]


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

    @router.get("/{facility}/{template}/{language}")
    def mail(
        request: Request,
        facility: FacilityId,
        template: TemplateId,
        language: Language,
        visitor: Visitor = directs,
    ) -> Response:
        return shown.one(request, visitor, facility, template, language)

    @router.post("/{facility}/{template}/{language}")
    def save(
        request: Request,
        facility: FacilityId,
        template: TemplateId,
        language: Language,
        *,
        form: FormFields,
        visitor: Visitor = directs,
    ) -> Response:
        """Look at it first where the form says `look`; else a new version."""
        said = {name: str(form.get(name, "")) for name in ("subject", "body")}
        known = new_id(said["subject"]) if template == NEW else template

        def deed(work: UnitOfWork, scope: Scope) -> None:
            if "look" in form:
                templates.checked(said["subject"], said["body"])
            else:
                templates.write(work, scope, facility, known, language, **said)

        refusal = frame.refusal(visitor, deed)
        if refusal is not None or "look" in form:
            return shown.one(
                request, visitor, facility, template, language, refusal=refusal, given=said
            )
        return RedirectResponse(f"{HOME}/mails/{facility}/{known}/{language}?done=saved", 303)

    router.include(_deeds(shown, directs))
    return router


def _deeds(shown: "_Shown", directs: Any) -> Router:
    """Approving, trying out and bringing back."""
    router = Router()

    @router.post("/{facility}/{template}/{language}/approve")
    def approve(
        request: Request,
        facility: FacilityId,
        template: TemplateId,
        language: Language,
        visitor: Visitor = directs,
    ) -> Response:
        def deed(work: UnitOfWork, scope: Scope) -> None:
            templates.approve(work, scope, facility, template, language)

        refusal = shown.frame.refusal(visitor, deed)
        if refusal is None:
            return back("mails", facility, done="approved")
        return shown.one(request, visitor, facility, template, language, refusal=refusal)

    @router.post("/{facility}/{template}/{language}/try")
    def try_out(
        request: Request,
        facility: FacilityId,
        template: TemplateId,
        language: Language,
        visitor: Visitor = directs,
    ) -> Response:
        def deed(work: UnitOfWork, scope: Scope) -> None:
            found = templates.versions(work, scope, facility, template, language)
            if not found:
                raise NotFound(_("There is no such template."))
            trying.send_to_oneself(work, scope, found[0], shown.address)

        refusal = shown.frame.refusal(visitor, deed)
        return shown.one(
            request,
            visitor,
            facility,
            template,
            language,
            refusal=refusal,
            more={"done": "" if refusal else "tried"},
        )

    @router.post("/{facility}/{template}/{language}/restore")
    def restore(
        request: Request,
        facility: FacilityId,
        template: TemplateId,
        language: Language,
        *,
        form: FormFields,
        visitor: Visitor = directs,
    ) -> Response:
        """A new version with the words of an earlier one."""
        wanted = _number(form, "version")

        def deed(work: UnitOfWork, scope: Scope) -> None:
            found = templates.versions(work, scope, facility, template, language)
            old = next((one for one in found if one.version == wanted), None)
            if old is None:
                raise NotFound(_("There is no such template."))
            templates.write(
                work, scope, facility, template, language, subject=old.subject, body=old.body
            )

        refusal = shown.frame.refusal(visitor, deed)
        return shown.one(request, visitor, facility, template, language, refusal=refusal)

    return router


class _Shown:
    """The page of one template in one language."""

    def __init__(self, frame: Frame, address: str) -> None:
        self.frame = frame
        self.address = address

    def one(
        self,
        request: Request,
        visitor: Visitor,
        facility: str,
        template: str,
        language: str,
        *,
        refusal: Refusal | None = None,
        given: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> Response:
        if language not in LANGUAGES:
            raise NotFound(_("There is no such template."))

        def read(work: UnitOfWork, scope: Scope, here: str) -> Mapping[str, Any]:
            found = templates.versions(work, scope, here, template, language)
            if not found and not _has_another_language(work, scope, here, template):
                raise NotFound(_("There is no such template."))
            words = given or _words(found)
            account = account_of(scope)
            mine = "" if account is None else colleagues.address_of(work, scope, account)
            return {
                "template_id": template,
                "code": language,
                "language_name": NAMES[language],
                "languages_known": NAMES,
                "versions": found,
                "given": words,
                "preview": trying.preview(work, scope, here, words, self.address),
                "own_address": mine,
                "is_author": bool(found) and found[0].written_by == scope.actor,
            }

        return self.frame.page(
            request,
            visitor,
            "mails",
            read,
            facility=facility,
            part="mail",
            refusal=refusal,
            given=more or {},
        )


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


def _number(form: FormData, name: str) -> int:
    given = str(form.get(name, ""))
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
