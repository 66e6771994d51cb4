"""The language of the dictionaries, and that looking up by the first letters loses no phrase."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sms.dictionaries import lexicons
from hub.sms.interpreter.folding import fold
from hub.sms.interpreter.lexicon import Lexicon
from hub.sms.interpreter.linting import contradictions
from hub.sms.interpreter.phrases import BadPhrase, Phrases, expression, starts


@pytest.mark.parametrize(
    ("phrase", "text", "whole"),
    [
        ("d'acord", "d acord", True),
        ("d'acord", "dacord", True),
        ("envi*", "enviando", True),
        ("envi*", "reenvio", False),
        ("no (me )?(envien|manden)", "no manden", True),
        ("quiero ... baja", "quiero darme de baja", True),
        ("quiero ... baja", "quiero que me den ya de baja", False),
        ("quiero ... baja", "quiero , baja", False),
        ("quiero .... baja", "quiero que me den ya de baja", True),
        ("pecho & duele", "pecho , que me duele", True),
        ("pecho & duele", "duele mucho el pecho", True),
        ("pecho & duele", "duele", False),
        ("# horas", "3 horas", True),
        ("# horas", "tres horas", False),
        ("a( b)* c", "a b b c", True),
        ("n/a", "n , a", True),
        ("Ёлка", "елка", True),
    ],
)
def test_a_phrase_matches_what_it_says(phrase: str, text: str, whole: bool) -> None:
    assert (Phrases([phrase]).longest(text, 0) == len(text)) is whole


@pytest.mark.parametrize("phrase", ["", "  ", "(a", "a)("])
def test_a_phrase_that_cannot_be_read_is_refused(phrase: str) -> None:
    with pytest.raises(BadPhrase):
        expression(phrase)


def test_the_starts_of_a_phrase_are_all_of_its_starts() -> None:
    assert starts(expression("(si|no) vale")) == {"si", "no"}
    assert starts(expression("(ya )?no")) == {"ya", "no"}
    assert starts(expression("a b")) == {"a "}
    assert starts(expression("# horas")) == {"*"}


@cache
def spanish() -> Lexicon:
    return lexicons()["es"]


@given(st.deferred(lambda: st.sampled_from(sorted(spanish().topics))), st.data())
def test_a_phrase_without_signs_is_found_in_the_topic_that_lists_it(
    topic: str, data: st.DataObject
) -> None:
    phrases = spanish().topics[topic]  # type: ignore[index]
    plain = [p for p in phrases.written if p.replace(" ", "").isalpha()]
    if plain:
        folded = fold(data.draw(st.sampled_from(plain)))
        assert phrases.longest(folded, 0) == len(folded)
        assert phrases.first(folded) is not None


def test_the_shipped_dictionaries_do_not_contradict_themselves() -> None:
    assert list(contradictions(lexicons())) == []
