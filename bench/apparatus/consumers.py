"""What takes answers from the broker: a hub, or paho alone. Both are real processes and are asked the same question."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self

import psutil

from bench.apparatus.answers import DEVICES, FACILITY, ORGANISATION
from bench.apparatus.broker import RunningBroker
from bench.apparatus.device import Device
from bench.apparatus.observed import Observed, python
from hub.app import wire
from hub.core.scope import Scope
from hub.core.settings import HubSettings
from hub.fleet.service import enrol
from hub.identity.schemas import NewFacility
from hub.identity.service import create_facility, facilities


class NotTaken(Exception):
    """What should have been taken by now was not; the text says how far it came."""


class Consumer(Protocol):
    """A subscriber. It announces itself as the hub does once it hears everything, and ends with the block."""

    @property
    def process(self) -> psutil.Process: ...

    def await_taken(self, devices: Sequence[Device], each: int, within_s: float) -> float:
        """When (time.monotonic) the first `each` answers of every device were taken for good."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Ceiling(Observed):
    """Acknowledges; keeps nothing."""

    def __init__(self, broker: RunningBroker, log: Path, marks: Sequence[int]) -> None:
        command = python(
            "bench.apparatus.acknowledger",
            f"--port={broker.address.port}",
            f"--user={broker.hub.username}",
            f"--password={broker.hub.password}",
            "--marks",
            *(str(mark * len(DEVICES)) for mark in marks),
        )
        super().__init__(command, log)

    def await_taken(self, devices: Sequence[Device], each: int, within_s: float) -> float:
        """When the last of them was acknowledged to the broker."""
        said = self.line(within_s)
        if said["count"] != each * len(devices):
            raise NotTaken(f"{said['count']} instead of {each * len(devices)}")
        return float(said["at"])


class HubProcess(Observed):
    """`wellheard hub`, whole and unchanged, on a database of its own; anew on what is there already."""

    def __init__(self, broker: RunningBroker, folder: Path, database: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._settings = HubSettings(data=folder, database=database, broker=broker.url)
        self._furnish()
        environment = {"WELLHEARD_BROKER": broker.url, "WELLHEARD_DATABASE": database}
        command = python("wellheard", "hub", "--data", str(folder), "--port", "0", "--json")
        super().__init__(command, folder / "hub.log", environment)

    def await_taken(self, devices: Sequence[Device], each: int, within_s: float) -> float:
        """When the hub's last confirmation arrived at a device: stored, acknowledged and told."""
        deadline = time.monotonic() + within_s
        return max(d.await_confirmed(each, deadline - time.monotonic()) for d in devices)

    def _furnish(self) -> None:
        hub = wire(self._settings)
        with hub.parts.workplace.begin() as work:
            scope = Scope(ORGANISATION)
            if not facilities(work, scope):
                create_facility(work, scope, NewFacility(id=FACILITY, name="Bench"))
                for device in DEVICES:
                    enrol(work, scope, device)
        hub.database.close()
