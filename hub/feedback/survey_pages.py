"""The pages on which it is chosen what is asked where, and in which words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlencode

from babel import Locale
from fastapi import Depends, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from contract.messages.envelope import Code, Identifier
from contract.surveys import MAY_WE_CALL, SURVEYS, Mode, wording_keys
from contract.wording import STANDARD
from hub.core.errors import BadInput, Conflict
from hub.core.http_routes import Router
from hub.core.pages import Pages
from hub.core.permissions import Permission
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork, Workplace
from hub.feedback import surveys
from hub.feedback.survey_words import (
    LANGUAGES,
    BadWords,
    NewSurvey,
    field_of,
    longest,
    read_words,
    said,
)
from hub.feedback.surveys import KINDS, SurveyView
from hub.identity import service
from hub.identity.access import Access
from hub.identity.schemas import OptionalLine
from hub.identity.views import Visitor

LIST = "/surveys"
NEW = "new"
"""In an address, instead of a survey that has no code yet."""
NAMES = {code: (Locale(code).get_display_name(code) or code).capitalize() for code in LANGUAGES}
FACES = {
    "very_good": "mood-happy",
    "good": "mood-smile",
    "so_so": "mood-empty",
    "bad": "mood-sad",
    "very_bad": "mood-angry",
}
WORDS = {
    "question.how_was_it": N_("Question"),
    MAY_WE_CALL.wording: N_("Offer to call, after an unhappy answer"),
    "thanks.answered": N_("Thanks for an answer"),
    "thanks.declined": N_("Thanks when no call is wanted"),
    "form.consent": N_("What is agreed to by leaving a number"),
    "thanks.contact": N_("Thanks and promise after leaving a number"),
}
"""What each of the words is for; the others are first questions, about a specialist or about the clinic."""

Facility = Annotated[Identifier, Path()]
SurveyId = Annotated[Code, Path()]
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})


class SurveyForm(BaseModel):
    """The editor; the words come in fields of their own, named by language and key."""

    model_config = ConfigDict(extra="allow")

    mode: Mode
    title: OptionalLine = ""
    version: int = 0

    @property
    def words(self) -> dict[str, str]:
        """Every other field."""
        return {k: text for k, text in (self.model_extra or {}).items() if isinstance(text, str)}


def pages(workplace: Workplace, access: Access, shown: Pages) -> Router:
    """The list with what is asked where, and the editor."""
    router = Router(prefix=LIST, include_in_schema=False)
    editor = Depends(access.may(Permission.EDIT_SURVEYS))

    @router.get("")
    def index(
        request: Request,
        facility: Annotated[str | None, Query()] = None,
        visitor: Visitor = editor,
    ) -> Response:
        with workplace.read() as work:
            facilities = service.facilities(work, visitor.scope)
            here = next((f for f in facilities if f.id == facility), next(iter(facilities), None))
            scope = visitor.scope.within(here.id if here else None)
            known = surveys.surveys(work, scope, here.id) if here else []
            places = [p for p in service.touchpoints(work, scope) if p.inactive_ms is None]
            choices = surveys.choices(work, scope)
        asked_at = defaultdict(list)
        for place in places:
            asked_at[place.survey].append(place.name)
        return shown.show(
            request,
            "feedback/surveys.html",
            facilities=facilities,
            facility=here,
            surveys=known,
            kinds=KINDS,
            places=places,
            choices=choices,
            asked_at=asked_at,
            query=request.query_params,
        )

    @router.post("/{facility}/places/{touchpoint}")
    def ask(
        facility: Facility,
        touchpoint: SurveyId,
        version: Annotated[int, Form()],
        survey: Annotated[str, Form(max_length=64)] = surveys.AS_SET,
        visitor: Visitor = editor,
    ) -> Response:
        with workplace.begin() as work:
            before = surveys.ask(work, visitor.scope, touchpoint, survey, version)
        return _back(facility, place=touchpoint, before=before)

    router.include(_editor(workplace, editor, shown))
    return router


def _editor(workplace: Workplace, editor: Any, shown: Pages) -> Router:
    """One survey: its words, their earlier versions, and the way back to one of them."""
    router = Router()

    @router.get("/{facility}/new")
    def new(
        request: Request, facility: Facility, mode: Mode = "express", _v: Visitor = editor
    ) -> Response:
        return _page(shown, request, facility, mode, _standing("", mode, {}))

    @router.get("/{facility}/{survey}")
    def survey(
        request: Request, facility: Facility, survey: SurveyId, visitor: Visitor = editor
    ) -> Response:
        with workplace.read() as work:
            known = surveys.versions(work, visitor.scope, facility, survey)
        now = known[0]
        given = _standing(now.own_title, now.mode, now.texts)
        return _page(shown, request, facility, now.mode, given, known=known)

    @router.post("/{facility}/{survey}")
    def save(
        request: Request,
        facility: Facility,
        survey: SurveyId,
        form: Annotated[SurveyForm, Form()],
        visitor: Visitor = editor,
    ) -> Response:
        try:
            with workplace.begin() as work:
                made = _store(work, visitor, facility, survey, form)
        except BadWords as error:
            problems, status = error.problems, error.status
        except (BadInput, Conflict) as error:
            problems, status = {error.field or "": error.detail}, error.status
        else:
            return _back(facility, changed=made.id, version=made.version)
        with workplace.read() as work:
            is_new = survey == NEW
            known = [] if is_new else surveys.versions(work, visitor.scope, facility, survey)
        given = {"title": form.title, **form.words}
        page = _page(shown, request, facility, form.mode, given, known=known, problems=problems)
        page.status_code = status
        return page

    @router.post("/{facility}/{survey}/restore")
    def restore(
        facility: Facility,
        survey: SurveyId,
        version: Annotated[int, Form()],
        visitor: Visitor = editor,
    ) -> Response:
        by = visitor.account.name
        with workplace.begin() as work:
            surveys.restore(work, visitor.scope, facility, survey, version=version, by=by)
        return _back(facility)

    return router


def _store(
    work: UnitOfWork, visitor: Visitor, facility: str, survey: str, form: SurveyForm
) -> SurveyView:
    scope, by = visitor.scope, visitor.account.name
    given = NewSurvey(form.title, form.mode, read_words(form.mode, form.words))
    if survey == NEW:
        return surveys.add(work, scope, facility, given, by)
    return surveys.change(work, scope, facility, survey, given, seen=form.version, by=by)


def _page(
    shown: Pages,
    request: Request,
    facility: str,
    mode: Mode,
    given: Mapping[str, str],
    *,
    known: Sequence[SurveyView] = (),
    problems: Mapping[str, str] = NO_PROBLEMS,
) -> Response:
    return shown.show(
        request,
        "feedback/survey.html",
        facility=facility,
        mode=mode,
        kind=_(KINDS[mode]),
        known=known,
        given=given,
        problems=problems,
        languages_asked=NAMES,
        keys=[(key, _label(mode, key), longest(key)) for key in wording_keys(mode)],
        field_of=field_of,
        standard=STANDARD,
        survey=SURVEYS[mode],
        faces=FACES,
    )


def _label(mode: Mode, key: str) -> str:
    if key in WORDS:
        return _(WORDS[key])
    about_specialist = key == SURVEYS[mode].of_specialist.wording
    return _("Question about a specialist") if about_specialist else _("Question about the clinic")


def _standing(title: str, mode: Mode, texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The editor's fields as they are now."""
    words = {
        field_of(language, key): said(texts, language, key)
        for language in LANGUAGES
        for key in wording_keys(mode)
    }
    return {"title": title, **words}


def _back(facility: str, **more: object) -> Response:
    return RedirectResponse(f"{LIST}?{urlencode({'facility': facility, **more})}", 303)
