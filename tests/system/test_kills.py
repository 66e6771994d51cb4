"""SIGKILL of terminals, hub and broker at random moments under load: what was thanked for is stored, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.postgresql import running_postgresql
from tests.system.chaos import endure, schedule
from tests.system.clinic import Clinic

TERMINALS = 2
BROKERS = ["mosquitto", "iotcore", "external"]
"""The hub's own child of either kind, which dies with it, and one that outlives it."""


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with running_postgresql() as server:
        server.run("CREATE DATABASE clinic")
        yield server.url("clinic")


def _kill(folder: Path, broker: str, count: int, seed: int, database: str = "") -> None:
    with Clinic(folder, broker=broker, database=database, terminals=TERMINALS) as clinic:
        verdict = endure(clinic, schedule(count, seed, TERMINALS), seed)
    print(f"{broker}, seed {seed}, {count} kills: {verdict}")
    assert verdict.clean, verdict
    assert verdict.thanked >= count, "there was no load"


@pytest.mark.parametrize("broker", BROKERS)
def test_a_few_kills(tmp_path: Path, broker: str) -> None:
    _kill(tmp_path, broker, 5, seed=1)


def test_a_few_kills_with_postgresql(tmp_path: Path, postgresql: str) -> None:
    _kill(tmp_path, "mosquitto", 5, seed=2, database=postgresql)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("broker", BROKERS)
def test_two_hundred_kills(tmp_path: Path, broker: str) -> None:
    _kill(tmp_path, broker, 200, seed=200)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_hundred_kills_with_postgresql(tmp_path: Path, postgresql: str) -> None:
    _kill(tmp_path, "mosquitto", 200, seed=201, database=postgresql)
