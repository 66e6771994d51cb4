"""A store of each kind for every test: the hub's own on both databases, and InfluxDB."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from hub.core.db import Database
from hub.core.timeseries.embedded import EmbeddedSeries
from hub.core.timeseries.opening import open_series
from hub.core.timeseries.store import TimeSeries
from tests.hub.conftest import BOTH
from tests.hub.core.timeseries.influxdb_server import InfluxdbServer, running_influxdb


@pytest.fixture(scope="session")
def influxdb_server() -> Iterator[InfluxdbServer]:
    """One for all tests of this process."""
    with running_influxdb() as server:
        yield server


@pytest.fixture
def influx_series(influxdb_server: InfluxdbServer, sqlite_url: str) -> Iterator[TimeSeries]:
    """Fresh buckets; the database is not used."""
    bucket = f"test_{uuid4().hex}"
    influxdb_server.make_buckets(bucket)
    database = Database(sqlite_url)
    store = open_series(f"{influxdb_server.url}/{bucket}?org=clinic", "anna:secret", database)
    yield store
    store.close()
    database.close()


@pytest.fixture(params=[*BOTH, "influxdb"])
def store(request: pytest.FixtureRequest) -> Iterator[TimeSeries]:
    """An empty one; the test runs once for each kind."""
    if request.param == "influxdb":
        yield request.getfixturevalue("influx_series")
        return
    database = Database(request.getfixturevalue(f"{request.param}_url"))
    yield EmbeddedSeries(database)
    database.close()
