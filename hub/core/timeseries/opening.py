"""Which store of time series the settings ask for."""

from hub.core.db import Database
from hub.core.timeseries.embedded import EmbeddedSeries
from hub.core.timeseries.influx_address import parsed
from hub.core.timeseries.store import TimeSeries


def open_series(influxdb: str, token: str, database: Database) -> TimeSeries:
    """InfluxDB if an address of one is given, else the hub's own database. Connects to nothing yet."""
    if not influxdb:
        return EmbeddedSeries(database)
    # Late: the client library takes a while to load, and most hubs have no use for it.
    from hub.core.timeseries.influxdb import InfluxSeries  # noqa: PLC0415

    return InfluxSeries(parsed(influxdb), token)
