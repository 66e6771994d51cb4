"""Every language says everything, and short enough for the smallest panel."""

import pytest

from contract.surveys import MAY_WE_CALL, SURVEYS
from edge.screen.languages import languages, read_wording

REFERENCE = read_wording("en")


def test_the_four_languages_are_there():
    assert languages() == ("ca", "en", "es", "ru")


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_texts(language):
    words = read_wording(language)
    assert words.all_keys == REFERENCE.all_keys
    assert all(words.text(key).strip() == words.text(key) != "" for key in words.all_keys)


@pytest.mark.parametrize("language", languages())
def test_every_question_and_answer_has_words(language):
    words = read_wording(language)
    for survey in SURVEYS.values():
        for question in (survey.of_specialist, survey.of_clinic, MAY_WE_CALL):
            assert words.text(f"question.{question.code}")
            if question.look != "numbers":
                assert all(words.text(f"answer.{answer}") for answer in question.answers)


@pytest.mark.parametrize("language", sorted(set(languages()) - {"en"}))
def test_translations_are_not_left_in_english(language):
    words = read_wording(language)
    same = {key for key in words.all_keys if words.text(key) == REFERENCE.text(key)}
    assert same <= {"answer.no", "staff.device"}


@pytest.mark.parametrize("language", languages())
def test_letters_are_on_the_keyboard_once(language):
    words = read_wording(language)
    keys = "".join(words.keys) + words.more
    assert len(keys) == len(set(keys))
    assert not set(keys) & set("1234567890.,!?")
