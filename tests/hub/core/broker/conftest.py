"""Both brokers that the hub can start, each in a folder of its own on a free port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.core.broker import Broker, open_broker


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "broker"


@pytest.fixture(params=["mosquitto", "iotcore"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def broker(kind: str, folder: Path) -> Iterator[Broker]:
    opened = open_broker(kind, folder, None)
    yield opened
    opened.stop()


@pytest.fixture
def mosquitto(folder: Path) -> Iterator[Broker]:
    opened = open_broker("mosquitto", folder, None)
    yield opened
    opened.stop()
