"""A question holds its names and values as quoted wholes, whatever they look like."""

import re

from hypothesis import given
from hypothesis import strategies as st

from hub.core.timeseries.influxql import NOTHING, name, question, value
from hub.core.timeseries.line_protocol import sayable
from hub.core.timeseries.points import Span

TEXTS = st.one_of(st.text(max_size=12), st.text(alphabet="\\'\";-\n\r ab", max_size=12))
STRING = re.compile(r"'((?:[^'\\\n]|\\.)*)'")
IDENTIFIER = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


@given(TEXTS)
def test_a_value_is_one_string(text: str) -> None:
    whole = STRING.fullmatch(value(text))
    assert whole
    assert re.sub(r"\\(.)", r"\1", whole[1]) == sayable(text)


@given(TEXTS)
def test_a_name_is_one_identifier(text: str) -> None:
    whole = IDENTIFIER.fullmatch(name(text))
    assert whole
    assert re.sub(r"\\(.)", r"\1", whole[1]) == sayable(text)


@given(TEXTS, st.frozensets(TEXTS, min_size=1, max_size=3), st.frozensets(TEXTS, min_size=1))
def test_nothing_but_strings_changes(
    organisation: str, facilities: frozenset[str], devices: frozenset[str]
) -> None:
    asked = question(organisation, facilities, devices, Span(1, 2), 60_000)
    simple = question(
        "o", frozenset(map(str, range(len(facilities)))), frozenset(devices), Span(1, 2), 60_000
    )
    assert STRING.sub("?", asked) == STRING.sub("?", simple)


def test_of_nothing_nothing_is_asked() -> None:
    assert question("o", frozenset(), None, Span(1, 2), 60_000) == NOTHING
    assert question("o", None, frozenset(), Span(1, 2), 60_000) == NOTHING


def test_the_whole_of_a_question() -> None:
    assert question("o", None, frozenset({"d"}), Span(1, 2), 900_000) == (
        'SELECT sum("count") AS "count", sum("total") AS "total",'
        ' min("least") AS "least", max("most") AS "most" FROM /.+/'
        """ WHERE time >= 1ms AND time < 2ms AND ("organisation" = 'o') AND ("device" = 'd')"""
        ' GROUP BY time(900000ms), "organisation", "facility", "device", "part" fill(none)'
    )
