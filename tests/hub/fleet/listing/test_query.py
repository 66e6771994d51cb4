"""The filter's language: what a text means, and what is said of one that means nothing."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import BadInput
from hub.fleet.health.troubles import Level
from hub.fleet.listing.matching import Listed, checked, matches
from hub.fleet.listing.query import (
    EVERYTHING,
    FIELDS,
    AllOf,
    AnyOf,
    Condition,
    Not,
    parsed,
    written,
)

NORTH = Condition("facility", ":", "north")
LOBBY = Condition("tag", ":", "lobby")
OLD = Condition("version", "<", "1.4")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", EVERYTHING),
        ("  ", EVERYTHING),
        ("facility:north", NORTH),
        ("FACILITY: north", NORTH),
        ('facility:"north"', NORTH),
        ("facility:north tag:lobby", AllOf((NORTH, LOBBY))),
        ("facility:north and tag:lobby", AllOf((NORTH, LOBBY))),
        ("facility:north OR tag:lobby AND version<1.4", AnyOf((NORTH, AllOf((LOBBY, OLD))))),
        ("(facility:north OR tag:lobby) version<1.4", AllOf((AnyOf((NORTH, LOBBY)), OLD))),
        ("NOT facility:north tag:lobby", AllOf((Not(NORTH), LOBBY))),
        ("NOT (facility:north OR NOT tag:lobby)", Not(AnyOf((NORTH, Not(LOBBY))))),
        ("вход", Condition("", "", "вход")),
        ('"front desk"', Condition("", "", "front desk")),
        ("desk-1", Condition("", "", "desk-1")),
    ],
)
def test_a_filter_is_read(text: str, tree: object) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tag:lobby AND", "At letter 14: a condition is missing."),
        ("OR tag:lobby", "At letter 1: a condition is missing."),
        ("tag:", "At letter 1: a value is missing after “tag:”."),
        ("online AND tag: AND x", "At letter 12: a value is missing"),
        ("colour:red", "At letter 1: there is no field “colour”; there are name, facility"),
        ("tag<3", "At letter 1: “tag” is followed by :."),
        ("(tag:a OR (tag:b)", "At letter 18: a parenthesis is not closed."),
        ("tag:a ) tag:b", "At letter 7: a parenthesis is closed that was not opened."),
        ('name:"front desk', "At letter 1: a value is missing"),
        ('front "desk', "At letter 7: a quotation mark is not closed."),
        ("()", "At letter 2: a condition is missing."),
        ("(" * 30 + "x", "there are too many parentheses"),
        ("x" * 501, "up to 500 letters"),
    ],
)
def test_what_cannot_be_understood_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        parsed(text)
    assert said in refused.value.detail
    assert refused.value.field == "q"


values = st.text(
    st.characters(exclude_characters='"\x00', exclude_categories=["Cs"]), min_size=1, max_size=12
)
conditions = st.one_of(
    st.builds(Condition, st.just(""), st.just(""), values),
    st.sampled_from(sorted(FIELDS)).flatmap(
        lambda field: st.builds(Condition, st.just(field), st.sampled_from(FIELDS[field]), values)
    ),
)
queries = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@given(queries)
def test_what_is_written_is_read_again(tree: AllOf | AnyOf | Not | Condition) -> None:
    text = written(tree)
    if len(text) <= 500:
        assert parsed(text) == tree


@given(st.text(max_size=60))
def test_every_text_is_a_filter_or_refused(text: str) -> None:
    with suppress(BadInput):
        assert parsed(written(parsed(text))) == parsed(text)


TERMINAL = Listed(
    device="desk-1",
    name="Front Desk",
    facility="north",
    facility_name="Clínica Norte",
    touchpoint="reception",
    touchpoint_name="Reception",
    tags=frozenset({"lobby", "wi-fi"}),
    connection="online",
    level=Level.VISIT,
    failing=frozenset({"camera", "disk"}),
    version="1.10.2",
)


@pytest.mark.parametrize(
    ("text", "means_it"),
    [
        ("", True),
        ("front", True),
        ("norte", True),
        ("name:norte", False),
        ("DESK-1", True),
        ("facility:north", True),
        ('facility:"clínica norte"', True),
        ("facility:nor", False),
        ("touchpoint:Reception", True),
        ("tag:lobby", True),
        ("tag:lob", False),
        ("state:online", True),
        ("state:visit", True),
        ("state:well", False),
        ("check:camera", True),
        ("check:screen", False),
        ("version:1.10", True),
        ("version:1.1", False),
        ("version<1.9", False),
        ("version<=1.10.2", True),
        ("version>1.9", True),
        ("version>=1.11", False),
        ("NOT state:offline (tag:none OR check:disk)", True),
        ("state:online AND NOT tag:lobby", False),
    ],
)
def test_a_filter_means_terminals(text: str, means_it: bool) -> None:
    assert matches(checked(parsed(text)), TERMINAL) is means_it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tag:a OR NOT state:broken", "There is no state “broken”; there are online, offline"),
        ("version<soon", "“soon” is no version like 1.4.2."),
    ],
)
def test_a_value_that_can_mean_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(parsed(text))
    assert said in refused.value.detail
