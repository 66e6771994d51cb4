"""Tables for spreadsheets: everything comes back, and no text is a formula."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.spreadsheet import as_csv

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=20)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.lists(st.tuples(TEXTS, st.integers(), st.none()), max_size=5))
def test_what_goes_in_comes_out_and_no_text_begins_a_formula(
    rows: list[tuple[str, int, None]],
) -> None:
    header, *found = read(as_csv(("text", "count", "nothing"), rows))
    assert header == ["text", "count", "nothing"]
    for (text, count, _), cells in zip(rows, found, strict=True):
        assert cells[0] in {text, f"'{text}"}
        assert not cells[0].lstrip(" ").startswith(("=", "+", "-", "@"))
        assert cells[1:] == [str(count), ""]


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "  =1", "\t=1"])
def test_a_name_that_is_a_formula_is_only_a_text(text: str) -> None:
    assert read(as_csv(("name",), [(text,)]))[1] == [f"'{text}"]


def test_numbers_stay_numbers() -> None:
    assert read(as_csv(("index", "n"), [(-4.26666, 12)]))[1] == ["-4.2667", "12"]
