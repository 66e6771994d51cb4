"""Codes of meanings as the staff read them."""

import pytest

from hub.sms.interpreter.labels import Label
from hub.sms.web.meanings import MEANINGS, understood


@pytest.mark.parametrize(
    ("meaning", "said"),
    [
        ("SCORE:9+TEXT", "9 of 10, in their own words"),
        ("YES", "yes"),
        ("OF_TOMORROW", "OF_TOMORROW"),
        ("", ""),
    ],
)
def test_how_a_reply_was_understood_is_said_in_words(meaning: str, said: str) -> None:
    assert understood(meaning) == said


def test_every_meaning_has_words() -> None:
    assert set(MEANINGS) == set(Label) - {Label.SCORE}
