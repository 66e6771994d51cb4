"""A line says what the point says and nothing else, whatever the names in it look like."""

import re

from hypothesis import given
from hypothesis import strategies as st

from hub.core.timeseries.line_protocol import line, sayable
from hub.core.timeseries.points import Point, Series

NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.text(alphabet=",= \\\"'\n\r\t\0ab", min_size=1, max_size=12),
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POINTS = st.builds(
    Point,
    series=st.builds(Series, NAMES, NAMES, NAMES, NAMES, st.just("") | NAMES),
    at_ms=st.integers(0, 2**50),
    n=st.integers(1, 2**40),
    total=NUMBERS,
    least=NUMBERS,
    most=NUMBERS,
)
BLANK, COMMA, EQUALS = (re.compile(rf"(?<!\\){sign}") for sign in (" ", ",", "="))


def plain(text: str) -> str:
    return re.sub(r"\\([,= ])", r"\1", text)


def understood(text: str) -> Point:
    """As the protocol's reference reads a line: an escaped sign is part of a name."""
    key, fields, time = BLANK.split(text)
    measurement, *pairs = COMMA.split(key)
    tags = dict(EQUALS.split(pair) for pair in pairs)
    values = dict(field.split("=") for field in fields.split(","))
    places = (plain(tags.pop(name)) for name in ("organisation", "facility", "device"))
    series = Series(plain(measurement), *places, plain(tags.pop("part", "")))
    assert tags == {}
    assert values["count"][-1] == "i"
    measured = (float(values[name]) for name in ("total", "least", "most"))
    return Point(series, int(time), int(values["count"][:-1]), *measured)


@given(POINTS)
def test_a_line_reads_as_its_point(point: Point) -> None:
    written = line(point)
    assert written.splitlines() == [written]
    series = Series(*(sayable(name) for name in point.series))
    assert understood(written) == point._replace(series=series)


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", fullmatch=True))
def test_the_codes_of_the_contract_stay_as_they_are(code: str) -> None:
    assert sayable(code) == code


def test_the_whole_of_a_line() -> None:
    series = Series("reading", "clinic", "north", "desk-1", "disk free")
    assert line(Point(series, 60_000, 2, 3.5, 1.0, 2.5)) == (
        r"reading,device=desk-1,facility=north,organisation=clinic,part=disk\ free "
        "count=2i,total=3.5,least=1.0,most=2.5 60000"
    )
