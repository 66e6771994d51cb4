"""Mosquitto as the hub itself configures it, started here so that it can outlive the hubs that are measured."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from bench.apparatus.answers import DEVICES
from bench.apparatus.device import Device
from hub.core.broker import BrokerAddress, open_broker
from hub.core.broker.interface import Credentials


@dataclass(frozen=True, slots=True)
class RunningBroker:
    """Where it is, the hub's login, and everybody else's."""

    address: BrokerAddress
    hub: Credentials
    passwords: dict[str, str]
    process: psutil.Process

    @property
    def url(self) -> str:
        """As the hub's `broker` setting takes it."""
        login = f"{self.hub.username}:{quote(self.hub.password, safe='')}"
        return f"mqtt://{login}@{self.address.host}:{self.address.port}"

    @contextmanager
    def devices(self) -> Iterator[list[Device]]:
        """All of them, connected."""
        with ExitStack() as stack:
            yield [
                stack.enter_context(Device(d, self.address, self.passwords[d.device]))
                for d in DEVICES
            ]


@contextmanager
def running_broker(folder: Path) -> Iterator[RunningBroker]:
    """For as long as the block lasts, on any free port."""
    broker = open_broker("mosquitto", folder, None)
    passwords = {device.device: secrets.token_urlsafe(16) for device in DEVICES}
    broker.admit(DEVICES)
    for user, password in passwords.items():
        broker.set_device(user, password)
    before = set(psutil.Process().children())
    address = broker.start()
    try:
        hub = broker.hub_credentials()
        assert hub is not None
        process = (set(psutil.Process().children()) - before).pop()
        yield RunningBroker(address, hub, passwords, process)
    finally:
        broker.stop()
