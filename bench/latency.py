"""From the finger on a button to the event on every one of a hundred open pages.

`wellheard demo --headless` runs as it is: hub, broker, database and two terminals are real processes, the crowd presses
virtual buttons. This process holds the pages open. A press's time is the terminal's own stamp, which the driver took
from the virtual panel (whole milliseconds, rounded down); an event's time is when its page has read it. Both are wall
clocks of the same machine.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.apparatus.figures import goal, percentiles
from bench.apparatus.machine import describe
from bench.apparatus.observed import Observed, python
from bench.apparatus.pages import Heard, OpenPages

PAGES = 100
PRESSES_PER_SECOND = 10.0
SECONDS, QUICK_SECONDS = 40, 10
MARGIN_S = 1.0
"""The pages are closed so long before the demonstration ends."""
START_S, END_S = 90.0, 90.0
GOAL_MS = 150.0


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS} seconds")
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--rate", type=float, default=PRESSES_PER_SECOND, help="presses a second")
    given = parser.parse_args()
    machine = describe("mosquitto")
    seconds = QUICK_SECONDS if given.quick else SECONDS
    command = python(
        "wellheard", "demo", "--headless", "--json", f"--seconds={seconds}", f"--rate={given.rate}"
    )
    with tempfile.TemporaryDirectory() as folder, Observed(command, Path(folder, "log")) as demo:
        where = demo.line(START_S)
        heard = asyncio.run(_watch(where, given.pages, seconds - MARGIN_S))
        account = demo.line(END_S)
    print(json.dumps(_summary(heard, given.pages, account, machine)))


async def _watch(where: dict[str, Any], count: int, seconds: float) -> list[Heard]:
    """What the pages heard of presses that came when all of them were open."""
    async with OpenPages(where["dashboard"], where["user"], where["password"], count) as pages:
        all_open_ms = time.time_ns() / 1e6
        await asyncio.sleep(seconds)
        pages.check()
        return [event for event in pages.heard if event.pressed_ms > all_open_ms]


def _summary(
    heard: list[Heard], pages: int, account: dict[str, Any], machine: dict[str, Any]
) -> dict[str, Any]:
    latencies = percentiles([event.heard_ms - event.pressed_ms for event in heard])
    presses = {(event.device, event.sequence) for event in heard}
    seconds = (max(e.pressed_ms for e in heard) - min(e.pressed_ms for e in heard)) / 1000
    return {
        "benchmark": "latency",
        "summary": True,
        "machine": machine,
        "open_pages": pages,
        "presses": len(presses),
        "presses_per_s": round(len(presses) / seconds, 1),
        "events": len(heard),
        "press_to_page_ms": latencies,
        "demonstration": account,
        "goals": [goal("99 % of events within 150 ms", latencies["p99"], at_most=GOAL_MS)],
    }


if __name__ == "__main__":
    main()
