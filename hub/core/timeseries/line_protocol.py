"""Pure: points as lines of InfluxDB's line protocol, which no tag can break out of.

Reference: https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
"""

import re

from hub.core.timeseries.points import Point

_UNSAYABLE = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""The protocol has no form for a line's end in a tag, nor for a backslash before what ends a tag."""
_SPECIAL = re.compile(r"([,= ])")


def line(point: Point) -> str:
    """One line, without its end; the time is in milliseconds. Values must be finite. An empty tag is left out."""
    series = point.series
    tags = {
        "organisation": series.organisation,
        "facility": series.facility,
        "device": series.device,
    }
    if series.part:
        tags["part"] = series.part
    told = "".join(f",{name}={escaped(text)}" for name, text in sorted(tags.items()))
    values = f"count={point.n}i,total={point.total!r},least={point.least!r},most={point.most!r}"
    return f"{escaped(series.measurement)}{told} {values} {point.at_ms}"


def escaped(text: str) -> str:
    """A measurement or a tag's value as it stands in a line; what cannot stand there becomes `_`."""
    return _SPECIAL.sub(r"\\\1", sayable(text))


def sayable(text: str) -> str:
    """The text as a reader of the line gets it."""
    return _UNSAYABLE.sub("_", text)
