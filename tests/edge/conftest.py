"""A real Mosquitto for the tests of the way to the hub. (Tests may start it as the hub does; the agent may not.)"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from hub.core.broker import Broker, BrokerAddress, Credentials, open_broker


@dataclass(frozen=True, slots=True)
class RunningBroker:
    """A broker, where it is, and how the hub signs in."""

    broker: Broker
    address: BrokerAddress
    hub: Credentials


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    broker = open_broker("mosquitto", tmp_path_factory.mktemp("mosquitto"), None)
    address, hub = broker.start(), broker.hub_credentials()
    assert hub is not None
    yield RunningBroker(broker, address, hub)
    broker.stop()
