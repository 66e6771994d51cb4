"""What a text costs, against the numbers of the standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sms.parts import Encoding, parts_of


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", Encoding.GSM_7, 0, 1),
        ("a" * 160, Encoding.GSM_7, 160, 1),
        ("a" * 161, Encoding.GSM_7, 161, 2),
        ("a" * 306, Encoding.GSM_7, 306, 2),
        ("a" * 307, Encoding.GSM_7, 307, 3),
        ("€" * 80, Encoding.GSM_7, 160, 1),
        ("a" * 152 + "€" + "a" * 152, Encoding.GSM_7, 306, 3),
        ("à è é ò ñ ü Ç", Encoding.GSM_7, 13, 1),
        ("í", Encoding.UCS_2, 1, 1),
        ("í" + "a" * 69, Encoding.UCS_2, 70, 1),
        ("í" + "a" * 70, Encoding.UCS_2, 71, 2),
        ("д" * 134, Encoding.UCS_2, 134, 2),
        ("д" * 135, Encoding.UCS_2, 135, 3),
        ("😀" * 35, Encoding.UCS_2, 70, 1),
        ("😀" * 36, Encoding.UCS_2, 72, 2),
        ("😀" * 66 + "a", Encoding.UCS_2, 133, 2),
        ("😀" * 67, Encoding.UCS_2, 134, 3),
    ],
)
def test_a_text_costs_what_the_standard_says(
    text: str, encoding: Encoding, units: int, parts: int
) -> None:
    found = parts_of(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)


def test_the_letters_that_cost_most_are_named() -> None:
    assert [(c.letter, c.times) for c in parts_of("así, mí·a í").costly] == [("í", 3), ("·", 1)]
    assert [(c.letter, c.reason) for c in parts_of("5 €").costly] == [("€", "counts two")]
    assert parts_of("hola").costly == ()


@given(st.text(max_size=400), st.text(max_size=3))
def test_more_text_never_costs_less(text: str, more: str) -> None:
    assert parts_of(text + more).parts >= parts_of(text).parts
