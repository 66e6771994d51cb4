"""The surveys of a facility: which there are, in whose words, and what its terminals are told of them.

The standard ones are there from the beginning, as version 1 in the standard words. Nothing is changed in place: an
answer names the version that it was given to, so each change is a new version, and taking one back is another, equal
to the one before it. Which words may be chosen is decided in `survey_words`.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from contract.documents import ScreenSurvey
from contract.surveys import SURVEYS, Mode
from contract.wording import STANDARD_CONSENT
from hub.core import conflicts
from hub.core.errors import BadInput, NotFound
from hub.core.permissions import Permission
from hub.core.scope import Scope, needs
from hub.core.texts import N_
from hub.core.texts import gettext as _
from hub.core.unit_of_work import UnitOfWork
from hub.feedback.events import SurveysChanged
from hub.feedback.survey_words import NewSurvey, Texts, consent_of
from hub.feedback.tables import Survey
from hub.identity import changes, service
from hub.identity.forms import new_id

KINDS: Mapping[Mode, str] = {
    "express": N_("Recommend: yes, no, hard to say"),
    "smileys4": N_("Four faces"),
    "smileys5": N_("Five faces"),
    "nps": N_("Zero to ten"),
}
STANDARD: Mapping[str, Mode] = {SURVEYS[mode].code: mode for mode in KINDS}
"""The surveys that every terminal knows, by the code that answers name."""

AS_SET = ""
"""What a touchpoint asks is left to its terminal."""


@dataclass(frozen=True, slots=True)
class SurveyView:
    """One version. `changed_by` is empty, and `at_ms` 0, where it is the standard one as it comes."""

    facility: str
    id: str
    version: int
    own_title: str
    mode: Mode
    texts: Texts
    consent: str
    changed_by: str = ""
    at_ms: int = 0

    @property
    def title(self) -> str:
        """Its name, in the reader's language where it is a standard one's."""
        return self.own_title or _(KINDS[self.mode])

    @property
    def is_standard(self) -> bool:
        return self.id in STANDARD


@needs(Permission.SEE_ANSWERS)
def surveys(work: UnitOfWork, scope: Scope, facility: str) -> list[SurveyView]:
    """The newest version of each, the standard ones first."""
    newest = {code: _as_it_comes(facility, code) for code in STANDARD}
    for row in work.session.exec(_rows(scope, facility).order_by(col(Survey.version))):
        newest[row.id] = _view(row)
    return list(newest.values())


@needs(Permission.SEE_ANSWERS)
def versions(work: UnitOfWork, scope: Scope, facility: str, survey: str) -> list[SurveyView]:
    """Every version of one, the newest first; NotFound."""
    rows = _rows(scope, facility).where(col(Survey.id) == survey)
    found = [_view(row) for row in work.session.exec(rows.order_by(col(Survey.version).desc()))]
    if survey in STANDARD and scope.covers(scope.organisation, facility):
        found.append(_as_it_comes(facility, survey))
    if not found:
        raise NotFound(_("There is no such survey."))
    return found


@needs(Permission.EDIT_SURVEYS)
def add(work: UnitOfWork, scope: Scope, facility: str, given: NewSurvey, by: str) -> SurveyView:
    """A survey of the clinic's own; answers to it are never pooled with those to another."""
    if not given.title:
        raise BadInput("title", _("Please fill this in."))
    if facility not in service.time_zones(work, scope):
        raise BadInput("facility", _("There is no such facility."))
    nothing = SurveyView(facility, new_id(given.title), 0, "", given.mode, {}, STANDARD_CONSENT)
    return _store(work, scope, nothing, given, by=by)


@needs(Permission.EDIT_SURVEYS)
def change(
    work: UnitOfWork,
    scope: Scope,
    facility: str,
    survey: str,
    given: NewSurvey,
    *,
    seen: int,
    by: str,
) -> SurveyView:
    """A new version, unless nothing is different; Conflict when somebody else was faster than who saw `seen`."""
    now = versions(work, scope, facility, survey)[0]
    if now.version != seen:
        raise conflicts.changed_meanwhile()
    if given.mode != now.mode:
        raise BadInput("mode", _("Another kind of question needs a survey of its own."))
    if (given.title, given.texts) == (now.own_title, now.texts):
        return now
    return _store(work, scope, now, given, by=by)


@needs(Permission.EDIT_SURVEYS)
def restore(
    work: UnitOfWork, scope: Scope, facility: str, survey: str, *, version: int, by: str
) -> SurveyView:
    """An earlier version's title and words in a new version."""
    now, *_before = known = versions(work, scope, facility, survey)
    wanted = next((one for one in known if one.version == version), None)
    if wanted is None:
        raise NotFound(_("There is no such version."))
    given = NewSurvey(title=wanted.own_title, mode=wanted.mode, texts=wanted.texts)
    return _store(work, scope, now, given, by=by, consent=wanted.consent)


@needs(Permission.EDIT_SURVEYS)
def ask(work: UnitOfWork, scope: Scope, touchpoint: str, survey: str, seen: int) -> str:
    """Have a touchpoint ask this survey from now on; returns what it asked before."""
    place = changes.touchpoint(work, scope, touchpoint)
    inside = scope.within(place.facility)
    if survey not in choices(work, inside):
        raise BadInput("survey", _("There is no such survey."))
    changes.change_survey(work, scope, touchpoint, seen, survey)
    return place.survey


@needs(Permission.SEE_ANSWERS)
def choices(work: UnitOfWork, scope: Scope) -> dict[str, str]:
    """What touchpoints of the scope may ask: titles by code."""
    found = {AS_SET: _("As set on the terminal")}
    for facility in service.facilities(work, scope):
        found |= {one.id: one.title for one in surveys(work, scope, facility.id)}
    return found


@needs(Permission.SEE_ANSWERS)
def surveys_on_screens(work: UnitOfWork, scope: Scope) -> list[ScreenSurvey]:
    """What the terminals of the scope's facilities are told: each survey that any touchpoint asks, and where."""
    asked: dict[tuple[str, str], list[str]] = defaultdict(list)
    for place in service.touchpoints(work, scope):
        if place.survey != AS_SET and place.inactive_ms is None:
            asked[place.facility, place.survey].append(place.id)
    facilities = sorted({facility for facility, _survey in asked})
    known = {(f, one.id): one for f in facilities for one in surveys(work, scope, f)}
    return [
        ScreenSurvey(
            survey=known[whose].id,
            version=known[whose].version,
            mode=known[whose].mode,
            touchpoints=touchpoints,
            texts={language: dict(texts) for language, texts in known[whose].texts.items()},
            consent=known[whose].consent,
        )
        for whose, touchpoints in asked.items()
        if whose in known
    ]


def _rows(scope: Scope, facility: str) -> SelectOfScalar[Survey]:
    return select(Survey).where(scope.rows(Survey), col(Survey.facility) == facility)


def _as_it_comes(facility: str, survey: str) -> SurveyView:
    return SurveyView(facility, survey, 1, "", STANDARD[survey], {}, STANDARD_CONSENT)


def _view(row: Survey) -> SurveyView:
    told = row.model_dump(include={"facility", "id", "version", "consent", "changed_by", "at_ms"})
    mode: Mode = next(known for known in KINDS if known == row.mode)
    return SurveyView(own_title=row.title, mode=mode, texts=json.loads(row.texts), **told)


def _store(
    work: UnitOfWork,
    scope: Scope,
    before: SurveyView,
    given: NewSurvey,
    *,
    by: str,
    consent: str | None = None,
) -> SurveyView:
    version = before.version + 1
    if consent is None:
        same = consent_of(given.texts) == consent_of(before.texts)
        consent = before.consent if same else f"{before.id}-{version}"
    row = Survey(
        organisation=scope.organisation,
        facility=before.facility,
        id=before.id,
        version=version,
        title=given.title,
        mode=given.mode,
        texts=json.dumps(given.texts, ensure_ascii=False),
        consent=consent,
        changed_by=by,
        at_ms=work.now_ms,
    )
    conflicts.add(work, row, conflicts.changed_meanwhile())
    work.tell(SurveysChanged(row.organisation, row.facility))
    return _view(row)
