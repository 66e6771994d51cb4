"""What somebody said, wrote or can be called by does not leave the terminal in a line of its log."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.fleet.commands.redaction import CODES, NUMBERS, OTHER, redacted

PHONE = "+34600123456"
LINE = {
    "event": "settings_refused",
    "level": "warning",
    "timestamp": "2026-11-22T17:00:00.123456Z",
    "field": "screen.mode",
    "version": 7,
    "attempt": 3,
}


def test_codes_and_small_numbers_are_seen() -> None:
    assert redacted(LINE) == LINE


@pytest.mark.parametrize("name", sorted(CODES | NUMBERS | {"comment", "reason", "exception"}))
def test_a_telephone_number_is_seen_under_no_name(name: str) -> None:
    for written in (PHONE, "600123456", "600-12-34-56", "600.123.456", 34600123456, f"tel:{PHONE}"):
        assert name not in redacted(LINE | {name: written}) or redacted(LINE | {name: written})[
            name
        ] == LINE.get(name), "only what the line had before"


@given(
    st.dictionaries(
        st.text(max_size=12) | st.sampled_from(sorted(CODES | NUMBERS)),
        st.text() | st.integers() | st.floats() | st.none() | st.lists(st.text()),
    )
)
def test_free_text_is_never_seen(line: dict[str, Any]) -> None:
    for name, value in redacted(line).items():
        if isinstance(value, str) and value != OTHER:
            assert " " not in value
            assert len(value) <= 64
        assert name == "event" or name in CODES | NUMBERS


def test_what_libraries_say_is_no_event_of_ours() -> None:
    assert redacted({"event": f"could not call {PHONE}", "exception": PHONE}) == {"event": OTHER}
