"""Which store the settings ask for, and what they may not say."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.core.db import Database
from hub.core.settings import HubSettings
from hub.core.timeseries.embedded import EmbeddedSeries
from hub.core.timeseries.influx_address import InfluxAddress, parsed
from hub.core.timeseries.influxdb import InfluxSeries
from hub.core.timeseries.opening import open_series


def test_without_an_address_points_stay_in_the_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    assert isinstance(open_series("", "", database), EmbeddedSeries)
    influx = open_series("http://127.0.0.1:1/bucket", "token", database)
    assert isinstance(influx, InfluxSeries)
    influx.close()
    database.close()


def test_an_address_has_a_bucket_and_may_have_an_organisation() -> None:
    assert parsed("http://host:8086/wellheard") == InfluxAddress("http://host:8086", "wellheard")
    assert parsed("https://h/w?org=our%20clinic") == InfluxAddress("https://h", "w", "our clinic")


@pytest.mark.parametrize(
    "address",
    ["host:8086", "http://host:8086", "ftp://host/bucket", "http:///b", "http://u:p@host/bucket"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="influxdb"):
        HubSettings(influxdb=address)


def test_the_token_is_not_shown() -> None:
    assert "geheim" not in repr(HubSettings.model_validate({"influxdb_token": "geheim"}))
