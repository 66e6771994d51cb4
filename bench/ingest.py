"""Answers a second, durable and acknowledged, from Mosquitto into the hub's database, against what else there is.

In every round, one after the other: paho doing nothing but acknowledge (the ceiling of its kind), the hub into SQLite,
the hub into PostgreSQL, and Node-RED's MQTT -> SQLite flow where bench/peers/install.sh has been run. All drain the
same backlog (see apparatus/draining.py) over the same broker with the hub's own configuration; both databases wait for the disk.
Then hub and Node-RED are killed in the middle of a stream, and what they lost is counted.
"""

import argparse
import json
import logging
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.apparatus import draining
from bench.apparatus.broker import RunningBroker, running_broker
from bench.apparatus.consumers import Ceiling, Consumer, HubProcess
from bench.apparatus.draining import Backlog, Drained
from bench.apparatus.figures import goal, ratios
from bench.apparatus.machine import describe
from hub.core.logs import configure_logs
from tests.hub.postgresql import PostgresqlServer, running_postgresql

ROUNDS, EACH = 5, 8000
QUICK_ROUNDS, QUICK_EACH = 2, 3000

Make = Callable[[RunningBroker, Path, str], Consumer]


def main() -> None:
    """Print a line for each consumer, then the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds of a small backlog")
    parser.add_argument(
        "--only", nargs="+", help="consumers: ceiling, sqlite, postgresql, node-red"
    )
    given = parser.parse_args()
    configure_logs(level=logging.WARNING)
    machine = describe("mosquitto", "postgresql", "node")
    backlog = Backlog(QUICK_EACH if given.quick else EACH)
    with tempfile.TemporaryDirectory() as folder, running_postgresql(durable=True) as postgresql:
        makers = _consumers(backlog, postgresql)
        chosen = {name: make for name, make in makers.items() if name in (given.only or makers)}
        rounds = _rounds(chosen, backlog, Path(folder), QUICK_ROUNDS if given.quick else ROUNDS)
    for name, drained in rounds.items():
        _say(measured=name, answers=backlog.answers, **draining.summary(drained))
    _say(summary=True, machine=machine, **_compare(rounds))


def _consumers(backlog: Backlog, postgresql: PostgresqlServer) -> dict[str, Make]:
    def on_postgresql(broker: RunningBroker, folder: Path, name: str) -> Consumer:
        postgresql.run(f"CREATE DATABASE {name}")
        return HubProcess(broker, folder, postgresql.url(name))

    return {
        "ceiling": lambda broker, folder, _: Ceiling(broker, folder / "ceiling.log", backlog.marks),
        "sqlite": lambda broker, folder, _: HubProcess(broker, folder),
        "postgresql": on_postgresql,
    }


def _rounds(
    makers: dict[str, Make], backlog: Backlog, folder: Path, count: int
) -> dict[str, list[Drained]]:
    found: dict[str, list[Drained]] = defaultdict(list)
    for number in range(count):
        for name, make in makers.items():
            place = folder / f"{name}-{number}"
            place.mkdir()
            with (
                running_broker(place / "broker") as broker,
                make(broker, place, f"round_{number}") as consumer,
                broker.devices() as devices,
            ):
                found[name].append(backlog.drain(consumer, devices, broker.process))
    return found


def _compare(rounds: dict[str, list[Drained]]) -> dict[str, Any]:
    """Ratios of the same round, and the goals."""
    compared: dict[str, Any] = {}
    goals = []
    for store in rounds.keys() & {"sqlite", "postgresql"}:
        if "ceiling" not in rounds:
            continue
        rate = ratios([d.rate for d in rounds[store]], [d.rate for d in rounds["ceiling"]])
        cpu = ratios([d.cpu_us for d in rounds[store]], [d.cpu_us for d in rounds["ceiling"]])
        compared[f"{store}_to_ceiling"] = {"rate": rate, "cpu": cpu}
        goals.append(goal(f"{store}: rate to paho's ceiling >= 0.6", rate["median"], at_least=0.6))
    return {**compared, "goals": goals}


def _say(**fields: Any) -> None:
    print(json.dumps({"benchmark": "ingest", **fields}), flush=True)


if __name__ == "__main__":
    main()
