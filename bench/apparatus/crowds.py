"""Many open dashboards, held by a process of their own, while terminals send answers; and what that costs the hub."""

import argparse
import asyncio
import json
import random
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench.apparatus.answers import press, publish_packet
from bench.apparatus.broker import RunningBroker
from bench.apparatus.device import Device
from bench.apparatus.figures import percentiles
from bench.apparatus.observed import Observed, cpu_s, python
from bench.apparatus.pages import OpenPages
from bench.apparatus.tile_reading import SignedIn
from contract.codec import encode
from contract.topics import Channel, DeviceTopic

A_SECOND = 10
READ_AGAIN_S = 20.0
"""While answers keep coming a page reads its tiles again no more often than that (`live.js`)."""
SETTLE_S = 12.0
"""First reads and connections are not what a crowd costs while it watches."""
PATIENCE_S = 120.0

_presses = count()


def watched(
    signed_in: SignedIn,
    broker: RunningBroker,
    hub: psutil.Process,
    pages: int,
    seconds: float,
    *,
    reading: bool,
) -> dict[str, Any]:
    """Processor time of the hub alone, and how soon every page had every answer."""
    command = python(
        "bench.apparatus.crowds",
        f"--url={signed_in.url}",
        f"--name={signed_in.name}",
        f"--password={signed_in.password}",
        f"--pages={pages}",
        f"--seconds={SETTLE_S + seconds}",
        *(["--reading"] if reading else []),
    )
    with tempfile.TemporaryDirectory() as folder, Observed(command, Path(folder, "log")) as crowd:
        crowd.line(PATIENCE_S)
        with broker.devices() as devices:
            _press(devices, SETTLE_S - 2)
            busy_s, own_s = cpu_s(hub), cpu_s(crowd.process)
            began = time.monotonic()
            _press(devices, seconds)
            took_s = time.monotonic() - began
            busy_s, own_s = cpu_s(hub) - busy_s, cpu_s(crowd.process) - own_s
        heard = crowd.line(PATIENCE_S)
    return {
        "pages": pages,
        "answers_per_s": A_SECOND,
        "cores": round(busy_s / took_s, 3),
        "crowds_cores": round(own_s / took_s, 3),
        **heard,
    }


def _press(devices: list[Device], seconds: float) -> None:
    """One answer after the other, the terminals in turn."""
    until, due = time.monotonic() + seconds, time.monotonic()
    while due < until:
        number, turn = divmod(next(_presses), len(devices))
        device = devices[turn]
        topic = str(DeviceTopic(device.address, Channel.UP, "ButtonPressed"))
        message = press(device.address, 1 + number)
        device.publish([publish_packet(topic, encode(message), 1 + number % 0xFFFF)])
        device.settle()
        due += 1 / A_SECOND
        time.sleep(max(0.0, due - time.monotonic()))


async def _hold(given: argparse.Namespace) -> dict[str, Any]:
    async with OpenPages(given.url, given.name, given.password, given.pages) as pages:
        print(json.dumps({"open": given.pages}), flush=True)
        readers = [asyncio.create_task(_read_again(given))] if given.reading else []
        await asyncio.sleep(given.seconds)
        pages.check()
        for task in readers:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    waits = [one.heard_ms - one.pressed_ms for one in pages.heard]
    answers = {(one.device, one.sequence) for one in pages.heard}
    return {"events": len(waits), "answers": len(answers), "press_to_page_ms": percentiles(waits)}


async def _read_again(given: argparse.Namespace) -> None:
    """All pages, each at its own moment, read their tiles as often as they may."""
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    async with (
        httpx.AsyncClient(base_url=given.url, timeout=60, limits=limits) as http,
        asyncio.TaskGroup() as group,
    ):
        told = {"name": given.name, "password": given.password}
        (await http.post("/api/login", json=told)).raise_for_status()
        for _ in range(given.pages):
            group.create_task(_one_page(http))


async def _one_page(http: httpx.AsyncClient) -> None:
    await asyncio.sleep(random.uniform(0, READ_AGAIN_S))
    while True:
        (await http.get("/tiles")).raise_for_status()
        await asyncio.sleep(READ_AGAIN_S)


def main() -> None:
    """Hold the pages open; print one JSON object when they are, and what they heard at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--url", "--name", "--password"):
        parser.add_argument(name, required=True)
    parser.add_argument("--pages", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--reading", action="store_true")
    print(json.dumps(asyncio.run(_hold(parser.parse_args()))), flush=True)


if __name__ == "__main__":
    main()
