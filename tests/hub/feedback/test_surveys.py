"""Surveys: versions that answers can name for ever, consent counted by its text, and what terminals are told."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.codec import read_document
from contract.documents import DesiredConfiguration, ScreenConfiguration, ScreenSurvey
from contract.surveys import SURVEYS, Mode, wording_keys
from contract.wording import STANDARD, STANDARD_CONSENT
from hub.core.errors import BadInput, Conflict, NotFound
from hub.core.scope import Scope
from hub.feedback import surveys
from hub.feedback.survey_words import (
    CONSENT,
    LANGUAGES,
    BadWords,
    NewSurvey,
    Texts,
    field_of,
    longest,
    read_words,
    said,
)
from hub.feedback.surveys import SurveyView
from hub.identity import changes
from tests.hub.clinic import WHOLE, Clinic

SOUTHERN = Scope("clinic", frozenset({"south"}))
SHORTER = {"es": {"question.recommend": "¿Lo recomendaría?"}}


def change(
    clinic: Clinic, texts: dict[str, dict[str, str]], seen: int, scope: Scope = WHOLE
) -> SurveyView:
    wanted = NewSurvey("", "express", texts)
    with clinic.workplace.begin() as work:
        return surveys.change(work, scope, "north", "express", wanted, seen=seen, by="maria")


def versions(clinic: Clinic, survey: str = "express", scope: Scope = WHOLE) -> list[SurveyView]:
    with clinic.workplace.read() as work:
        return surveys.versions(work, scope, "north", survey)


def ask(clinic: Clinic, survey: str) -> str:
    with clinic.workplace.begin() as work:
        seen = changes.touchpoint(work, WHOLE, "reception-north").version
        return surveys.ask(work, WHOLE, "reception-north", survey, seen)


def told(clinic: Clinic, scope: Scope = WHOLE) -> list[ScreenSurvey]:
    with clinic.workplace.read() as work:
        return surveys.surveys_on_screens(work, scope)


def test_a_change_is_a_new_version_and_taking_it_back_is_another(clinic: Clinic) -> None:
    assert [one.version for one in versions(clinic)] == [1]
    change(clinic, SHORTER, 1)
    with clinic.workplace.begin() as work:
        surveys.restore(work, WHOLE, "north", "express", version=1, by="joan")
    assert [(one.version, one.texts, one.changed_by) for one in versions(clinic)] == [
        (3, {}, "joan"),
        (2, SHORTER, "maria"),
        (1, {}, ""),
    ]


def test_nothing_new_is_no_version(clinic: Clinic) -> None:
    change(clinic, SHORTER, 1)
    assert change(clinic, SHORTER, 2).version == 2


def test_whoever_is_later_overwrites_nothing(clinic: Clinic) -> None:
    change(clinic, SHORTER, 1)
    with pytest.raises(Conflict):
        change(clinic, {}, 1)
    assert versions(clinic)[0].texts == SHORTER


def test_consent_has_a_new_version_with_a_new_text_and_the_old_one_when_it_is_back(
    clinic: Clinic,
) -> None:
    assert change(clinic, SHORTER, 1).consent == STANDARD_CONSENT
    other = {"ru": {CONSENT: "Только для звонка."}}
    assert change(clinic, other, 2).consent == "express-3"
    assert change(clinic, other | SHORTER, 3).consent == "express-3"
    with clinic.workplace.begin() as work:
        back = surveys.restore(work, WHOLE, "north", "express", version=2, by="maria")
    assert back.consent == STANDARD_CONSENT


def test_a_survey_of_the_clinics_own_has_a_code_of_its_own(clinic: Clinic) -> None:
    wanted = NewSurvey("On the way out", "nps", {})
    with clinic.workplace.begin() as work:
        first = surveys.add(work, WHOLE, "north", wanted, "maria")
        second = surveys.add(work, WHOLE, "north", wanted, "maria")
    assert first.version == second.version == 1
    assert len({first.id, second.id, *(survey.code for survey in SURVEYS.values())}) == 6
    with clinic.workplace.read() as work:
        names = [one.title for one in surveys.surveys(work, WHOLE, "north")]
    assert names[-2:] == ["On the way out", "On the way out"]


def test_another_kind_needs_another_survey(clinic: Clinic) -> None:
    faces = NewSurvey("", "smileys4", {})
    with pytest.raises(BadInput), clinic.workplace.begin() as work:
        surveys.change(work, WHOLE, "north", "express", faces, seen=1, by="maria")


def test_another_facilitys_surveys_are_out_of_reach(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        versions(clinic, scope=SOUTHERN)
    with pytest.raises(NotFound):
        change(clinic, SHORTER, 1, SOUTHERN)
    with pytest.raises(BadInput), clinic.workplace.begin() as work:
        surveys.add(work, SOUTHERN, "north", NewSurvey("x", "nps", {}), "maria")


def test_terminals_are_told_what_their_touchpoints_ask(clinic: Clinic) -> None:
    assert told(clinic) == []
    assert ask(clinic, "express") == ""
    change(clinic, SHORTER, 1)
    (survey,) = told(clinic)
    assert survey == ScreenSurvey(
        survey="express",
        version=2,
        mode="express",
        touchpoints=["reception-north"],
        texts=SHORTER,
        consent=STANDARD_CONSENT,
    )
    assert told(clinic, SOUTHERN) == []
    with clinic.workplace.begin() as work:
        changes.set_touchpoint_active(work, WHOLE, "reception-north", False)
    assert told(clinic) == []


def test_only_a_survey_that_there_is_can_be_asked(clinic: Clinic) -> None:
    with pytest.raises(BadInput):
        ask(clinic, "nonsense")


modes = st.sampled_from(list(SURVEYS))
forms = st.dictionaries(
    st.sampled_from([field_of(lang, key) for lang in LANGUAGES for key in wording_keys("express")]),
    st.text(max_size=70),
)


def read(mode: Mode, fields: dict[str, str]) -> tuple[Texts, Mapping[str, str]]:
    try:
        return read_words(mode, fields), {}
    except BadWords as bad:
        return {}, bad.problems


@given(modes, forms)
def test_what_is_kept_has_room_and_is_not_standard_and_a_terminal_can_read_it(
    mode: Mode, fields: dict[str, str]
) -> None:
    texts, problems = read(mode, fields)
    assert all(len(fields[name]) > longest(name.partition(".")[2]) for name in problems)
    for language, words in texts.items():
        for key, text in words.items():
            assert 0 < len(text) <= longest(key)
            assert text.isprintable()
            assert text != STANDARD[language][key]
            assert said(texts, language, key) == text
    survey = ScreenSurvey(
        survey="s", version=1, mode=mode, texts={k: dict(v) for k, v in texts.items()}, consent="c"
    )
    document = DesiredConfiguration(version=1, screen=ScreenConfiguration(surveys=[survey]))
    assert read_document(DesiredConfiguration, document.model_dump_json().encode()) == document


@given(modes)
def test_the_standard_words_have_room_and_are_never_kept(mode: Mode) -> None:
    standing = {
        field_of(lang, key): STANDARD[lang][key] for lang in LANGUAGES for key in wording_keys(mode)
    }
    assert read_words(mode, standing) == {}
