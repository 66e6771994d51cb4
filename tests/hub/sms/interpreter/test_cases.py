"""Replies with known meanings, and what counts as harm."""

import csv
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.sms.dictionaries import LANGUAGES, lexicons
from hub.sms.interpreter.cases import BadCase, Case, Harms, case_of, evaluate
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.interpreter.labels import Label, State

FILES = Path(__file__).parents[3] / "data" / "sms"

FRAGMENTS = [
    *("9", "10", "0", "8,5", "9/10", "no", "sí", "da", "стоп", "baja", "||", "[1/2]", "[2/2]", "x"),
    *("un", "nueve", "девять", "ten", "?", "!", "👍", "½", "²", "٩", "\u200d", "\n", "'", "-", "+"),
]


@cache
def interpreter() -> Interpreter:
    """Made when the first test needs it: workers that have none of these tests need not wait for it."""
    return Interpreter(lexicons())


def cases(name: str) -> list[Case]:
    with (FILES / name).open(encoding="utf-8", newline="") as file:
        return [case_of(row, number) for number, row in enumerate(csv.DictReader(file), 2)]


@pytest.mark.parametrize("name", ["cases.csv", "more_cases.csv"])
def test_every_reply_gets_its_label(name: str) -> None:
    outcome = evaluate(cases(name), interpreter())
    assert outcome.wrong == []
    assert outcome.total == outcome.right > 200
    assert outcome.harms == Harms()


@pytest.mark.parametrize(
    ("expected", "text", "harm"),
    [
        ("REASK", "un 9", "wrong_score"),
        ("SCORE:8", "un 9", "wrong_score"),
        ("REASK", "BAJA || si", None),
    ],
)
def test_a_stored_score_that_was_not_said_is_harm(
    expected: str, text: str, harm: str | None
) -> None:
    outcome = evaluate([Case("es", State.AWAIT_SCORE, text, expected)], interpreter())
    assert outcome.right == 0
    assert vars(outcome.harms) == vars(Harms(**({harm: 1} if harm else {})))


def test_each_harm_is_counted() -> None:
    outcome = evaluate(
        [
            Case("es", State.INVITED, "sí", "REASK"),
            Case("es", State.INVITED, "no", "REASK"),
            Case("es", State.INVITED, "no", "OPT_OUT"),
            Case("es", State.OPTED_OUT, "ALTA", "NOOP"),
            Case("es", State.AWAIT_REASON, "la espera", "ESCALATE_URGENT"),
        ],
        interpreter(),
    )
    assert outcome.harms == Harms(0, 1, 2, 1, 1, 1)


def test_a_row_that_is_no_case_is_named() -> None:
    with pytest.raises(BadCase, match="Row 2 has no expected"):
        case_of({"lang": "es", "state": "INVITED", "text": "si"}, 2)
    with pytest.raises(BadCase, match="Row 7: there is no state 'ASLEEP'"):
        case_of({"lang": "es", "state": "ASLEEP", "text": "si", "expected": "YES"}, 7)


@given(
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from(FRAGMENTS)).map(" ".join)),
    st.sampled_from(LANGUAGES),
    st.sampled_from(State),
)
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_fail_and_the_same_text_means_the_same(
    text: str, language: str, state: State
) -> None:
    first = interpreter().interpret(text, language, state)
    assert first == interpreter().interpret(text, language, state)
    assert first.labels
    assert first.score is None or (state is State.AWAIT_SCORE and 0 <= first.score <= 10)


@given(st.text(max_size=40), st.sampled_from(LANGUAGES))
@settings(max_examples=100, deadline=None)
def test_only_an_opt_in_word_opts_in(text: str, language: str) -> None:
    found = interpreter().interpret(text, language, State.OPTED_OUT)
    assert Label.OPT_IN not in found.labels or any(
        word in text.casefold() for word in ("alta", "start", "старт", "unstop", "cnfhn")
    )
