"""From the finger on a photograph to the frame that shows it, with the processor slowed down.

`wellheard edge --simulate` serves the page as on a terminal; Chromium shows it, slowed to a quarter of its speed, which
is about a Pi. A touch's time is the browser's own stamp of it; the end is the first moment after the frame with the
mark in it was painted. The agent is not waited for: what is measured is that the glass answers.
"""

import argparse
import json
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

import tomli_w
from playwright.sync_api import Error, Page

from bench.apparatus.figures import goal, percentiles
from bench.apparatus.machine import describe
from bench.apparatus.observed import Observed, python
from contract.documents import DesiredConfiguration, Employee, RotaShift
from tests.browser.chromium import CHROMIUM, launched

SLOWED = 4
TOUCHES, QUICK_TOUCHES = 100, 20
START_S = 30.0
GOAL_MS = 100.0
DAY_MS = 24 * 3600 * 1000
PEOPLE = ("Dr Irina Orlova", "Dr Jordi Serra", "Emma Clark")

WATCH = """() => {
  globalThis.painted = [];
  addEventListener("pointerdown", (event) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => painted.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(null);
    });
  }, { capture: true });
}"""


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_TOUCHES} touches")
    touches = QUICK_TOUCHES if parser.parse_args().quick else TOUCHES
    machine = describe()
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        _furnish(folder)
        command = python(
            "wellheard", "edge", f"--folder={folder}", "--simulate", f"--screen-port={port}"
        )
        with Observed(command, folder / "log"):
            frames = percentiles(_touch(f"http://127.0.0.1:{port}/", touches))
    summary = {
        "benchmark": "tap",
        "summary": True,
        "machine": machine,
        "touches": touches,
        "slowed": SLOWED,
        "touch_to_frame_ms": frames,
        "goals": [goal("95 % of touches framed within 100 ms", frames["p95"], at_most=GOAL_MS)],
    }
    print(json.dumps(summary))


def _touch(url: str, touches: int) -> list[float]:
    """Milliseconds from each touch of a photograph to its frame."""
    with launched(CHROMIUM) as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True)
        page = context.new_page()
        _open(page, url)
        throttle = {"rate": SLOWED}
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", throttle)
        page.evaluate(WATCH)
        for number in range(touches):
            page.locator(".person:not(.chosen)").nth(number % 2).tap()
            page.wait_for_function("(count) => painted.length >= count", arg=number + 1)
        measured: list[float] = page.evaluate("painted")
    return measured


def _open(page: Page, url: str) -> None:
    """The agent needs a moment to listen."""
    deadline = time.monotonic() + START_S
    while True:
        try:
            page.goto(url)
            page.wait_for_selector(".person")
            return
        except Error:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _furnish(folder: Path) -> None:
    """A terminal with three people on duty, and no hub."""
    settings: dict[str, Any] = {
        "organisation": "bench",
        "facility": "bench",
        "device": "bench-1",
        "broker": {"host": "127.0.0.1", "port": 1},
        "screen": {"touchpoints": ["room"]},
    }
    (folder / "terminal.toml").write_text(tomli_w.dumps(settings))
    now_ms = time.time_ns() // 1_000_000
    people = [Employee(employee=f"p{n}", name=name) for n, name in enumerate(PEOPLE)]
    rota = [
        RotaShift(
            shift=f"s-{one.employee}",
            touchpoint="room",
            employee=one.employee,
            starts_ms=now_ms - DAY_MS,
            ends_ms=now_ms + DAY_MS,
        )
        for one in people
    ]
    desired = DesiredConfiguration(version=1, rota=rota, employees=people)
    (folder / "desired.json").write_text(desired.model_dump_json())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


if __name__ == "__main__":
    main()
