"""What Node-RED is given agrees with itself; that it runs is seen by the benchmark, where it is installed."""

import json
import re
import sqlite3
from contextlib import closing

from bench.apparatus.node_red import PEERS


def test_the_flow_fills_the_table_that_is_made_for_it() -> None:
    nodes = {node["id"]: node for node in json.loads((PEERS / "flow.json").read_text("utf-8"))}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript((PEERS / "table.sql").read_text("utf-8"))
        statement = nodes["store"]["sql"]
        wanted = set(re.findall(r"\$\w+", statement))
        connection.execute(statement, {name[1:]: 1 for name in wanted})
    assert set(re.findall(r"(\$\w+):", nodes["row"]["func"])) == wanted


def test_the_lock_names_no_host_to_fetch_from() -> None:
    lock = json.loads((PEERS / "package-lock.json").read_text("utf-8"))
    assert lock["packages"]
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
