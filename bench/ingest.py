"""Answers a second, durable and acknowledged, from Mosquitto into the hub's database, against what else there is.

In every round, one after the other: paho doing nothing but acknowledge (the ceiling of its kind), the hub into SQLite,
the hub into PostgreSQL, and Node-RED's MQTT -> SQLite flow where bench/peers/install.sh has been run. All drain the
same backlog (apparatus/draining.py) over the same broker with the hub's own configuration, and both databases wait
for the disk. Then hub and Node-RED are killed in the middle of a stream, and what they lost is counted.
"""

import argparse
import json
import logging
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.apparatus import draining, killing, node_red
from bench.apparatus.broker import RunningBroker, running_broker
from bench.apparatus.consumers import Ceiling, Consumer, HubProcess
from bench.apparatus.draining import Backlog, Drained
from bench.apparatus.figures import goal, ratios
from bench.apparatus.machine import describe
from bench.apparatus.node_red import NodeRed
from hub.core.logs import configure_logs
from tests.hub.postgresql import PostgresqlServer, running_postgresql

ROUNDS, EACH, KILLED_EACH = 5, 5000, 2400
QUICK_ROUNDS, QUICK_EACH, QUICK_KILLED_EACH = 2, 3000, 1200
STORES = ("sqlite", "postgresql")
METHOD = (
    "time from SIGCONT until a backlog in the broker's queue is stored and confirmed; "
    "interleaved rounds, a new process and database each; SQLite WAL synchronous=FULL, "
    "PostgreSQL fsync and synchronous_commit on; ratios within a round"
)

Make = Callable[[RunningBroker, Path, str], Consumer]


def main() -> None:
    """Print a line for each consumer and each kill, then the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds of a small backlog")
    parser.add_argument("--only", nargs="+", help="of ceiling, sqlite, postgresql, node-red, kill")
    given = parser.parse_args()
    chosen = set(given.only or ("ceiling", *STORES, "node-red", "kill"))
    configure_logs(level=logging.WARNING)
    machine = describe("mosquitto", "postgresql", "node")
    if (reason := node_red.missing()) is not None:
        _say(measured="node-red", skipped=reason)
    backlog = Backlog(QUICK_EACH if given.quick else EACH)
    with tempfile.TemporaryDirectory() as folder, running_postgresql(durable=True) as postgresql:
        makers = {n: m for n, m in _consumers(backlog, postgresql).items() if n in chosen}
        rounds = _rounds(makers, backlog, Path(folder), QUICK_ROUNDS if given.quick else ROUNDS)
    for name, drained in rounds.items():
        _say(measured=name, answers=backlog.answers, **draining.summary(drained))
    losses = []
    if "kill" in chosen:
        for loss in _kills(QUICK_KILLED_EACH if given.quick else KILLED_EACH):
            _say(**loss)
            losses.append(loss)
    goals = _goals(rounds, losses)
    _say(summary=True, machine=machine, method=METHOD, **_ratios(rounds), goals=goals)


def _consumers(backlog: Backlog, postgresql: PostgresqlServer) -> dict[str, Make]:
    def on_postgresql(broker: RunningBroker, folder: Path, name: str) -> Consumer:
        postgresql.run(f"CREATE DATABASE {name}")
        return HubProcess(broker, folder, postgresql.url(name))

    peers: dict[str, Make] = {}
    if node_red.missing() is None:
        peers["node-red"] = lambda broker, folder, _: NodeRed(broker, folder)
    return {
        "ceiling": lambda broker, folder, _: Ceiling(broker, folder / "ceiling.log", backlog.marks),
        "sqlite": lambda broker, folder, _: HubProcess(broker, folder),
        "postgresql": on_postgresql,
        **peers,
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


def _kills(each: int) -> Iterator[dict[str, Any]]:
    kills = [killing.kill_hub]
    if node_red.missing() is None:
        kills.append(killing.kill_node_red)
    for kill in kills:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with running_broker(folder / "broker") as broker:
                yield kill(broker, folder, each)


def _ratios(rounds: dict[str, list[Drained]]) -> dict[str, Any]:
    """The hub's figures to the others' of the same round."""
    return {
        f"{store}_to_{other}": {
            "rate": ratios([d.rate for d in rounds[store]], [d.rate for d in rounds[other]]),
            "cpu": ratios([d.cpu_us for d in rounds[store]], [d.cpu_us for d in rounds[other]]),
        }
        for store in STORES
        for other in ("ceiling", "node-red")
        if store in rounds and other in rounds
    }


def _goals(rounds: dict[str, list[Drained]], losses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    goals = []
    for pair, ratio in _ratios(rounds).items():
        rate, cpu = ratio["rate"]["median"], ratio["cpu"]["median"]
        if pair.endswith("ceiling"):
            goals.append(goal(f"{pair}: rate at least 0.6", rate, at_least=0.6))
        elif pair == "sqlite_to_node-red":
            goals.append(goal(f"{pair}: rate at least 3", rate, at_least=3))
            goals.append(goal(f"{pair}: CPU of an answer at most 1/3", cpu, at_most=1 / 3))
    goals += [
        goal("hub killed: none lost", loss["lost"], at_most=0)
        for loss in losses
        if loss["killed"] == killing.HUB
    ]
    return goals


def _say(**fields: Any) -> None:
    print(json.dumps({"benchmark": "ingest", **fields}), flush=True)


if __name__ == "__main__":
    main()
