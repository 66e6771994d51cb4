"""How long the dashboard takes over five million answers, and what five hundred open ones cost.

On SQLite and on PostgreSQL: two years of five facilities are written in bulk (apparatus/seeding.py) and their counts
compared with the answers on a sample; then everything that pages ask of the figures is asked in this process
(apparatus/asking.py), and every tile of the first view is read over HTTP from `wellheard hub`, each time under an
address of its own so that nothing shared between pages is measured. A Chromium with an empty cache loads the first
page and its bytes are counted on the wire, fonts aside. At last, on SQLite, dashboards are open while terminals send
answers over the broker: their streams alone, and also reading all tiles again as their script has them do. Times are
wall clock, of a machine that may be shared; `load_average` says how busy it was.
"""

import argparse
import json
import logging
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bench.apparatus import asking, seeding, years
from bench.apparatus.broker import RunningBroker, running_broker
from bench.apparatus.consumers import HubProcess
from bench.apparatus.crowds import watched
from bench.apparatus.figures import goal
from bench.apparatus.first_page import loaded_bytes
from bench.apparatus.machine import describe
from bench.apparatus.tile_reading import SignedIn, pages_read, tiles_read
from hub.app import wire
from hub.core.logs import configure_logs
from hub.core.settings import HubSettings
from hub.running import spare_the_collector
from tests.hub.postgresql import PostgresqlServer, running_postgresql

ANSWERS, QUICK_ANSWERS = 5_000_000, 100_000
TIMES, QUICK_TIMES = 20, 5
PAGE_TIMES = 3
PAGES, QUICK_PAGES = 500, 100
SECONDS, QUICK_SECONDS = 40, 10
STORES = ("sqlite", "postgresql")
START_S = 60.0
SLOWEST_SHOWN = 8


def main() -> None:
    """Print a line for each part, then the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100,000 answers, 100 pages")
    parser.add_argument("--only", nargs="+", choices=STORES, default=STORES)
    parser.add_argument("--answers", type=int)
    given = parser.parse_args()
    configure_logs(level=logging.WARNING)
    machine = describe("mosquitto", "postgresql")
    drawn = years.drawn(given.answers or (QUICK_ANSWERS if given.quick else ANSWERS), years.today())
    goals: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, running_postgresql() as postgresql:
        for store in given.only:
            folder = Path(name, store)
            database = _database(store, postgresql)
            goals += _figures(store, folder, database, drawn, quick=given.quick)
            goals += _served(store, folder, database, quick=given.quick)
    _say(summary=True, machine=machine, answers=drawn.count, goals=goals)


def _figures(
    store: str, folder: Path, database: str, drawn: years.Years, *, quick: bool
) -> Iterator[dict[str, Any]]:
    """Seed, check, and ask every figure."""
    hub = wire(HubSettings(data=folder, database=database))
    spare_the_collector()  # as the hub does, whose pages ask these
    with closing(hub.database):
        seeding.seed(hub.parts.workplace, drawn)
        wrong = seeding.wrong_counts(hub.parts.workplace, drawn)
        times = QUICK_TIMES if quick else TIMES
        taken = {
            name: asking.measured(hub.parts.workplace, ask, times)
            for name, ask in asking.asked(drawn.last)
        }
    _say(measured="figures", store=store, asked=len(taken), wrong_counts=wrong, **_slowest(taken))
    yield goal(f"{store}: counts that differ from the answers", wrong, at_most=0)
    worst = max(one["p95"] for one in taken.values())
    yield goal(f"{store}: every figure's p95 within 150 ms", worst, at_most=150)


def _served(store: str, folder: Path, database: str, *, quick: bool) -> Iterator[dict[str, Any]]:
    """What a hub that runs on it serves."""
    with (
        tempfile.TemporaryDirectory() as place,
        _hub(Path(place), folder, database) as (broker, hub),
    ):
        signed_in = SignedIn(hub.line(START_S)["dashboard"], folder, database)
        taken = tiles_read(signed_in, QUICK_TIMES if quick else TIMES)
        _say(measured="tiles", store=store, read=len(taken), **_slowest(taken))
        worst = max(one["p95"] for one in taken.values())
        yield goal(f"{store}: every tile's p95 within 150 ms", worst, at_most=150)
        pages = pages_read(signed_in, PAGE_TIMES)
        _say(measured="pages", store=store, read=len(pages), **_slowest(pages))
        if store != "sqlite":
            return
        size = loaded_bytes(signed_in)
        _say(measured="first page", **size)
        yield goal("first page at most 300 kB", size["without_fonts"], at_most=300_000)
        count, seconds = (QUICK_PAGES, QUICK_SECONDS) if quick else (PAGES, SECONDS)
        for reading in (False, True):
            seen = watched(signed_in, broker, hub.process, count, seconds, reading=reading)
            _say(measured="open dashboards", reading_tiles=reading, **seen)
            what = "and read tiles" if reading else "streams alone"
            yield goal(f"{count} open, {what}: half a core", seen["cores"], at_most=0.5)
            p99 = seen["press_to_page_ms"]["p99"]
            yield goal(f"{count} open, {what}: p99 within 150 ms", p99, at_most=150)


@contextmanager
def _hub(place: Path, folder: Path, database: str) -> Iterator[tuple[RunningBroker, HubProcess]]:
    with running_broker(place / "broker") as broker, HubProcess(broker, folder, database) as hub:
        yield broker, hub


def _database(store: str, postgresql: PostgresqlServer) -> str:
    """Its address; none for the hub's own file."""
    if store == "sqlite":
        return ""
    postgresql.run("CREATE DATABASE dashboard")
    return postgresql.url("dashboard")


def _slowest(taken: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The worst p95, how many are beyond the limit, and the slowest by name."""
    ordered = sorted(taken.items(), key=lambda item: -item[1]["p95"])
    return {
        "worst_p95_ms": ordered[0][1]["p95"],
        "over_150_ms": sum(one["p95"] > 150 for one in taken.values()),
        "slowest_ms": dict(ordered[:SLOWEST_SHOWN]),
    }


def _say(**fields: Any) -> None:
    print(json.dumps({"benchmark": "dashboard", **fields}), flush=True)


if __name__ == "__main__":
    main()
