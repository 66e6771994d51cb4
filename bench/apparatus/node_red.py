"""Node-RED's MQTT -> SQLite flow, the way most small projects store what their devices say."""

import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bench.apparatus.broker import RunningBroker
from bench.apparatus.consumers import NotTaken
from bench.apparatus.device import Device
from bench.apparatus.machine import find_program
from bench.apparatus.observed import Observed

PEERS = Path(__file__).parents[1] / "peers"
_COPIED = ("flow.json", "flow_cred.json", "settings.js")
_LOOK_S = 0.02


def missing() -> str | None:
    """Why Node-RED cannot be measured here; None when it can."""
    if find_program("node") is None:
        return "node is not installed"
    if not any(PEERS.glob("node_modules/sqlite3/build/Release/*.node")):
        return "Node-RED is not installed: run bench/peers/install.sh"
    return None


class NodeRed(Observed):
    """The flow of bench/peers in a process of its own, started anew on what the folder has already."""

    def __init__(self, broker: RunningBroker, folder: Path) -> None:
        self.database = folder / "node-red.db"
        if not self.database.exists():
            for name in _COPIED:
                shutil.copy(PEERS / name, folder)
            with closing(sqlite3.connect(self.database)) as connection:
                connection.executescript((PEERS / "table.sql").read_text("utf-8"))
        environment = {
            "BENCH_PORT": str(broker.address.port),
            "BENCH_USER": broker.hub.username,
            "BENCH_PASSWORD": broker.hub.password,
            "BENCH_DATABASE": str(self.database),
        }
        program = str(PEERS / "node_modules/node-red/red.js")
        node = find_program("node")
        assert node is not None
        command = [node, program, "--userDir", str(folder)]
        super().__init__(command, folder / "node-red.log", environment)

    def await_taken(self, devices: Sequence[Device], each: int, within_s: float) -> float:
        """When the rows were first seen in the table, looked at every 20 ms."""
        deadline = time.monotonic() + within_s
        with closing(sqlite3.connect(self.database)) as connection:
            while True:
                rows = count_rows(connection)
                now = time.monotonic()
                if rows >= each * len(devices):
                    return now
                if now > deadline:
                    raise NotTaken(f"{rows} rows instead of {each * len(devices)}")
                time.sleep(_LOOK_S)


def count_rows(connection: sqlite3.Connection) -> int:
    """The highest id: each row has the next one, and none is ever deleted."""
    row = connection.execute("SELECT coalesce(max(id), 0) FROM response").fetchone()
    return int(row[0])
