"""What the terminal's agent costs, and how soon a patient is thanked.

`wellheard edge --simulate`, connected to a real hub over the hub's own broker, with four virtual panels (two USB, a
serial box, one on GPIO pins); everything above the virtual hardware is the agent as it is installed. First it is left
alone, its screen served: memory and processor time. Then its buttons are pressed one after the other. The clock of a
press runs from before the finger's request is sent to the agent until the rising edge of the thanks lamp's pin, so it
contains the durable write. Bytes are those that the agent had the kernel write to disk, until the hub's confirmation
is through.
"""

import argparse
import json
import logging
import random
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

from bench.apparatus.answers import DEVICES
from bench.apparatus.broker import RunningBroker, running_broker
from bench.apparatus.consumers import HubProcess
from bench.apparatus.figures import goal, percentiles
from bench.apparatus.machine import describe
from bench.apparatus.observed import ChildSilent, Observed, cpu_s, python
from hub.core.logs import configure_logs
from wellheard.demo.crowd import Controls
from wellheard.demo.terminals import DemoTerminal

IDLE_S, QUICK_IDLE_S = 60.0, 20.0
PRESSES, QUICK_PRESSES = 400, 60
SETTLE_S = 5.0
"""Connecting, being born and the first health report are not idleness."""
PANELS = ("reception-1", "reception-2", "waiting-room", "exit")
HOLD_S = 0.06
PAUSE_S = (0.06, 0.16)
PATIENCE_S = 30.0


def main() -> None:
    """Print a line for each state of the agent, then the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20 s of idleness and a few presses")
    given = parser.parse_args()
    configure_logs(level=logging.WARNING)
    machine = describe("mosquitto")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            running_broker(folder / "broker") as broker,
            HubProcess(broker, folder / "hub"),
            Observed(_agent(broker, folder / "terminal"), folder / "agent.log") as agent,
            closing(_connected(folder / "terminal" / "controls.sock")) as controls,
        ):
            time.sleep(SETTLE_S)
            idle = _idle(agent.process, QUICK_IDLE_S if given.quick else IDLE_S)
            _say(measured="idle", **idle)
            pressed = _press(agent.process, controls, QUICK_PRESSES if given.quick else PRESSES)
            _say(measured="presses", **pressed)
    goals = [
        goal("resident memory at most 90 MB", idle["rss_mb"], at_most=90),
        goal("idle at most 1 % of a core", idle["cpu_percent"], at_most=1),
        goal("99 % thanked within 50 ms", pressed["press_to_lamp_ms"]["p99"], at_most=50),
    ]
    _say(summary=True, machine=machine, goals=goals)


def _agent(broker: RunningBroker, folder: Path) -> list[str]:
    """The command of an agent whose settings are written now."""
    device = DEVICES[0]
    address = broker.address
    DemoTerminal(device.device, "Bench", PANELS).write(
        folder,
        {
            "dashboard": "",
            "mqtt": {"host": address.host, "port": address.port, "tls": address.tls},
        },
        {
            "organisation": device.organisation,
            "facility": device.facility,
            "device": device.device,
            "password": broker.passwords[device.device],
        },
    )
    return python("wellheard", "edge", "--simulate", "--screen-port", "0", "--folder", str(folder))


def _connected(path: Path) -> Controls:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return Controls(path)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _idle(agent: psutil.Process, seconds: float) -> dict[str, Any]:
    busy_s, began = cpu_s(agent), time.monotonic()
    time.sleep(seconds)
    busy_s, took_s = cpu_s(agent) - busy_s, time.monotonic() - began
    memory = agent.memory_full_info()
    return {
        "seconds": round(took_s, 1),
        "cpu_percent": round(busy_s / took_s * 100, 2),
        "rss_mb": round(memory.rss / 1e6, 1),
        "pss_mb": round(memory.pss / 1e6, 1),
        "threads": agent.num_threads(),
    }


def _press(agent: psutil.Process, controls: Controls, presses: int) -> dict[str, Any]:
    """One button after the other, the panels in turn, at uneven intervals."""
    fingers = random.Random(1)
    waits_ms = []
    busy_s, written = cpu_s(agent), agent.io_counters()
    for number in range(presses):
        waits_ms.append(_press_once(controls, PANELS[number % len(PANELS)], 1 + number % 4))
        time.sleep(fingers.uniform(*PAUSE_S))
    busy_s, written_then = cpu_s(agent) - busy_s, agent.io_counters()
    return {
        "presses": presses,
        "press_to_lamp_ms": percentiles(waits_ms, 2),
        "cpu_ms_per_press": round(busy_s / presses * 1000, 2),
        "disk_bytes_per_press": round((written_then.write_bytes - written.write_bytes) / presses),
        "memory_after_mb": round(agent.memory_info().rss / 1e6, 1),
    }


def _press_once(controls: Controls, panel: str, button: int) -> float:
    """Milliseconds from the finger to the lamp."""
    pressed_ns = time.monotonic_ns()
    controls.ask("hold", panel=panel, button=button)
    time.sleep(HOLD_S)  # asking all the while would keep the agent from its work
    controls.ask("release", panel=panel, button=button)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        edges: list[int] = controls.ask("thanked_at_ns", panel=panel)
        shone_ns = next((at for at in edges if at > pressed_ns), None)
        if shone_ns is not None:
            return (shone_ns - pressed_ns) / 1e6
        time.sleep(HOLD_S)
    raise ChildSilent(f"{panel}: nobody was thanked")


def _say(**fields: Any) -> None:
    print(json.dumps({"benchmark": "edge", **fields}), flush=True)


if __name__ == "__main__":
    main()
