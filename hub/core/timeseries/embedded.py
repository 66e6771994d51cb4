"""Time series in the hub's own database: enough for one building, and nothing to install."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select

from hub.core.bulk import insert_new
from hub.core.db import Database
from hub.core.timeseries.points import LEVELS, Level, Point, Series
from hub.core.timeseries.store import Query
from hub.core.timeseries.tables import PointRow, SeriesRow
from hub.core.upserts import insert

WRITTEN_TOGETHER = 500
"""Points in one transaction: ingestion waits no longer than these take."""

series: Table = SeriesRow.__table__  # type: ignore[attr-defined]
point: Table = PointRow.__table__  # type: ignore[attr-defined]

_NAMES = Series._fields
_named = [series.c[name] for name in _NAMES]
_VALUES = ("count", "total", "least", "most")


class EmbeddedSeries:
    """See `hub.core.timeseries.points.TimeSeries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, level: Level, points: Sequence[Point]) -> int:
        for start in range(0, len(points), WRITTEN_TOGETHER):
            with self._database.writing() as connection:
                _write(connection, level, points[start : start + WRITTEN_TOGETHER])
        return 0

    def read(self, query: Query) -> list[Point]:
        begun = point.c.at_ms - point.c.at_ms % query.step_ms
        summed = (
            func.sum(point.c.count).label("count"),
            func.sum(point.c.total).label("total"),
            func.min(point.c.least).label("least"),
            func.max(point.c.most).label("most"),
        )
        wanted = (
            select(*_named, begun.label("begun"), *summed)
            .join_from(series, point, series.c.id == point.c.series)
            .where(
                query.scope.rows(series.c),
                point.c.step_ms == query.level.step_ms,
                point.c.at_ms >= query.span.since_ms,
                point.c.at_ms < query.span.until_ms,
            )
            .group_by(*_named, "begun")
        )
        if query.devices is not None:
            wanted = wanted.where(series.c.device.in_(sorted(query.devices)))
        with self._database.reading() as connection:
            return sorted(_point(row) for row in connection.execute(wanted))

    def forget(self, now_ms: int) -> None:
        for level in LEVELS:
            old = delete(point).where(
                point.c.series.in_(select(series.c.id)),  # so that the primary key is of use
                point.c.step_ms == level.step_ms,
                point.c.at_ms < now_ms - level.kept_ms,
            )
            with self._database.writing() as connection:
                connection.execute(old)

    def close(self) -> None:
        """The database is closed by whoever opened it."""


def _write(connection: Connection, level: Level, points: Sequence[Point]) -> None:
    ids = _ids(connection, {each.series for each in points})
    latest = {(ids[each.series], each.at_ms): each for each in points}
    rows = [
        {
            "series": number,
            "step_ms": level.step_ms,
            "at_ms": at_ms,
            **dict(zip(_VALUES, each[2:], strict=True)),
        }
        for (number, at_ms), each in sorted(latest.items())
    ]
    statement = insert(connection, point)
    replaced = {name: statement.excluded[name] for name in _VALUES}
    key = list(point.primary_key.columns)
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=replaced), rows)


def _ids(connection: Connection, wanted: set[Series]) -> dict[Series, int]:
    found = _known(connection, wanted)
    if missing := sorted(wanted - found.keys()):
        insert_new(connection, series, _NAMES, missing)
        found = _known(connection, wanted)
    return found


def _known(connection: Connection, wanted: set[Series]) -> dict[Series, int]:
    devices = sorted({each.device for each in wanted})
    rows = connection.execute(select(*_named, series.c.id).where(series.c.device.in_(devices)))
    return {Series(*row[:-1]): row.id for row in rows}


def _point(row: Any) -> Point:
    *names, begun, n, total, least, most = row
    return Point(Series(*names), begun, int(n), total, least, most)
