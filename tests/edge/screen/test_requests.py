"""What the page may say. Everything else is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.screen import events
from edge.screen.flow import State
from edge.screen.requests import COMMENT_LETTERS, Shown, understood
from edge.screen.telephone import international

SHOWN = Shown(
    State("es"), "recommend", ["ana"], ["es", "ru"], "ES", can_be_lowered=True, is_photographed=True
)


@pytest.mark.parametrize(
    ("request_", "event"),
    [
        ({"do": "answer", "question": "recommend", "value": "yes"}, events.Answered("yes")),
        ({"do": "answer", "question": "may_we_call", "value": "yes"}, None),
        ({"do": "choose", "employee": "nobody"}, None),
        ({"do": "choose", "employee": None}, None),
        ({"do": "number", "phone": "612 34 56 78"}, events.NumberOffered(valid=True)),
        ({"do": "number", "phone": "12"}, events.NumberOffered(valid=False)),
        (
            {"do": "contact", "phone": "612345678", "comment": " cold\0 "},
            events.ContactSent("+34612345678", "cold"),
        ),
        ({"do": "contact", "phone": "12", "comment": ""}, None),
        ({"do": "language", "language": "ru"}, events.Preferred(language="ru")),
        ({"do": "language", "language": "xx"}, None),
        ({"do": "low_reach"}, events.Preferred(low_reach=True)),
        ({"do": "leave"}, events.Left()),
        ({"do": "fly"}, None),
        ({}, None),
    ],
)
def test_requests_that_fit_what_is_shown_are_events(request_, event):
    assert understood(request_, SHOWN) == event


def test_each_choice_brings_a_visit_of_its_own():
    chosen = [understood({"do": "choose", "employee": "ana"}, SHOWN) for _ in range(2)]
    assert chosen[0] != chosen[1]


def test_a_comment_has_an_end():
    request = {"do": "contact", "phone": "612345678", "comment": "x" * 99_999}
    sent = understood(request, SHOWN)
    assert isinstance(sent, events.ContactSent)
    assert len(sent.comment) == COMMENT_LETTERS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
)
WORDS = ["choose", "answer", "number", "contact", "language", "low_reach", "staff", "touch"]


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "do": st.sampled_from(WORDS) | JSON,
            "value": JSON,
            "question": JSON,
            "phone": JSON,
            "comment": JSON,
            "employee": JSON,
            "language": JSON,
        },
    )
)
def test_no_request_is_an_error(request_):
    understood(request_, SHOWN)


@pytest.mark.parametrize(
    ("typed", "country", "found"),
    [
        ("612345678", "ES", "+34612345678"),
        ("+7 912 345-67-89", "ES", "+79123456789"),
        ("8 912 345 67 89", "RU", "+79123456789"),
        ("0034612345678", "ES", "+34612345678"),
        ("", "ES", None),
        ("112", "ES", None),
        ("61234567", "ES", None),
        ("++", "ES", None),
    ],
)
def test_numbers_become_international(typed, country, found):
    assert international(typed, country) == found
