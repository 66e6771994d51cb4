"""Time series in InfluxDB: written by its client library, read in InfluxQL, which its versions 1.8, 2 and 3 all answer.

Each level has a bucket of its own, because that is what InfluxDB keeps for a certain time and then forgets; buckets
are made by whoever runs InfluxDB. Lists of ready lines are handed to the library: its Point objects cost five times
as much.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx
import structlog
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.domain.write_precision import WritePrecision
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from hub.core.timeseries.influx_address import InfluxAddress
from hub.core.timeseries.influxql import NOTHING, question
from hub.core.timeseries.line_protocol import line
from hub.core.timeseries.points import (
    FINEST,
    LEVELS,
    Level,
    Point,
    Series,
)
from hub.core.timeseries.store import Query, StoreUnavailable

log = structlog.get_logger()

PATIENCE_S = 5.0
WRITTEN_TOGETHER = 5000
_MILLISECONDS: Any = WritePrecision.MS  # a plain string, whatever the library's annotations say
REFUSED = {400, 413, 422}
"""What InfluxDB says of points that it will never take; anything else may be mended."""


class InfluxSeries:
    """See `hub.core.timeseries.points.TimeSeries`."""

    def __init__(self, address: InfluxAddress, token: str = "") -> None:
        self._bucket = address.bucket
        self._client = InfluxDBClient(
            address.url, token, org=address.organisation, timeout=int(PATIENCE_S * 1000)
        )
        self._writing = self._client.write_api(write_options=SYNCHRONOUS)
        headers = {"Authorization": f"Token {token}"} if token else {}
        self._reading = httpx.Client(base_url=address.url, headers=headers, timeout=PATIENCE_S)

    def write(self, level: Level, points: Sequence[Point]) -> int:
        refused = 0
        for start in range(0, len(points), WRITTEN_TOGETHER):
            some = points[start : start + WRITTEN_TOGETHER]
            if not self._write(level, [line(each) for each in some]):
                refused += len(some)
        return refused

    def read(self, query: Query) -> list[Point]:
        scope = query.scope
        asked = question(
            scope.organisation, scope.facilities, query.devices, query.span, query.step_ms
        )
        return [] if asked == NOTHING else sorted(_points(self._ask(query.level, asked)))

    def forget(self, now_ms: int) -> None:
        """InfluxDB forgets by itself what is older than its bucket keeps."""

    def check(self) -> None:
        """Raise StoreUnavailable, with the reason, unless every level can be read."""
        for level in LEVELS:
            self._ask(level, 'SELECT "count" FROM /.+/ LIMIT 1')

    def close(self) -> None:
        self._reading.close()
        self._client.close()  # type: ignore[no-untyped-call]

    def _write(self, level: Level, lines: list[str]) -> bool:
        """False when InfluxDB will never take some of them."""
        bucket = bucket_of(self._bucket, level)
        try:
            self._writing.write(bucket, record=lines, write_precision=_MILLISECONDS)
        except ApiException as error:
            if error.status not in REFUSED:
                raise StoreUnavailable(f"{bucket} cannot be written: {error.status}") from error
            log.warning("points_refused", count=len(lines), status=error.status)
            return False
        except (HTTPError, OSError) as error:
            raise StoreUnavailable(f"no answer: {type(error).__name__}") from error
        return True

    def _ask(self, level: Level, asked: str) -> list[Mapping[str, Any]]:
        """The series of the answer. By POST, because a question may be longer than an address."""
        bucket = bucket_of(self._bucket, level)
        form = {"db": bucket, "q": asked, "epoch": "ms"}
        try:
            response = self._reading.post("/query", data=form)
            response.raise_for_status()
            result = response.json()["results"][0]
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            raise StoreUnavailable(f"{bucket} cannot be read: {status}") from error
        except (httpx.HTTPError, ValueError, LookupError) as error:
            raise StoreUnavailable(f"no answer: {type(error).__name__}") from error
        if "error" in result:
            raise StoreUnavailable(f"{bucket} cannot be read: {result['error']}")
        found: list[Mapping[str, Any]] = result.get("series", [])
        return found


def bucket_of(finest: str, level: Level) -> str:
    """The name of a level's bucket: that of the finest one, and for the others what they are."""
    return finest if level is FINEST else f"{finest}_{level.name}"


def _points(found: list[Mapping[str, Any]]) -> Iterator[Point]:
    for each in found:
        tags = each["tags"]
        names = (tags["organisation"], tags["facility"], tags["device"], tags.get("part") or "")
        series = Series(each["name"], *names)
        for begun, n, total, least, most in each["values"]:
            yield Point(series, begun, int(n), total, least, most)
