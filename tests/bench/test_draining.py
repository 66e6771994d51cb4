"""The load reaches a real consumer through a real broker, and a consumer that stops short is noticed."""

from pathlib import Path

import pytest

from bench.apparatus.answers import DEVICES, packets
from bench.apparatus.broker import running_broker
from bench.apparatus.consumers import Ceiling, HubProcess
from bench.apparatus.device import NotHeard
from bench.apparatus.draining import Backlog


def test_everything_is_acknowledged_once(tmp_path: Path) -> None:
    backlog = Backlog(each=40)
    with (
        running_broker(tmp_path / "broker") as broker,
        Ceiling(broker, tmp_path / "log", backlog.marks) as ceiling,
        broker.devices() as devices,
    ):
        drained = backlog.drain(ceiling, devices, broker.process)
    assert drained.rate > 0


def test_the_hub_confirms_what_it_stored_and_nothing_else(tmp_path: Path) -> None:
    with (
        running_broker(tmp_path / "broker") as broker,
        HubProcess(broker, tmp_path / "hub"),
        broker.devices() as devices,
    ):
        first = devices[0]
        first.await_announced(30)
        first.publish(packets(DEVICES[0], 10))
        first.await_confirmed(10, 30)
        with pytest.raises(NotHeard, match="up to 10"):
            first.await_confirmed(11, 0.5)
