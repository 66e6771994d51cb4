"""Pure: questions in InfluxQL that InfluxDB 1.8, 2 and 3 all understand, and that no value can break out of.

Reference: https://docs.influxdata.com/influxdb/v1/query_language/spec/
"""

from collections.abc import Iterable

from hub.core.timeseries.line_protocol import sayable
from hub.core.timeseries.points import Span

TAGS = ("organisation", "facility", "device", "part")
NOTHING = ""


def question(
    organisation: str,
    facilities: frozenset[str] | None,
    devices: frozenset[str] | None,
    span: Span,
    step_ms: int,
) -> str:
    """The points of every measurement merged into stretches of `step_ms`.

    None for facilities or devices means all of them; NOTHING is the answer when there can be none.
    """
    if frozenset() in (facilities, devices):
        return NOTHING
    conditions = [
        f"time >= {span.since_ms}ms",
        f"time < {span.until_ms}ms",
        _one_of("organisation", [organisation]),
    ]
    if facilities is not None:
        conditions.append(_one_of("facility", facilities))
    if devices is not None:
        conditions.append(_one_of("device", devices))
    grouped = ", ".join(name(tag) for tag in TAGS)
    return (
        'SELECT sum("count") AS "count", sum("total") AS "total",'  # noqa: S608 - names and values are quoted
        ' min("least") AS "least", max("most") AS "most"'
        f" FROM /.+/ WHERE {' AND '.join(conditions)}"
        f" GROUP BY time({step_ms}ms), {grouped} fill(none)"
    )


def name(text: str) -> str:
    """A quoted identifier."""
    return '"' + sayable(text).replace('"', '\\"') + '"'


def value(text: str) -> str:
    """A quoted string, as the line protocol stored it."""
    return "'" + sayable(text).replace("'", "\\'") + "'"


def _one_of(tag: str, texts: Iterable[str]) -> str:
    either = " OR ".join(f"{name(tag)} = {value(text)}" for text in sorted(texts))
    return f"({either})"
