"""The real udev listing and ioctls, against a panel that umockdev makes.

The drivers run in a process under umockdev's preload library; nothing of theirs is replaced.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PRELOAD = "libumockdev-preload.so.0"
PATIENCE_S = 30.0
MAPPING = """
[[panels]]
name = "reception"
driver = "usb"
serial = "PANEL-A-0001"
touchpoint = "reception"
codes = { KEY_1 = 1 }
"""


class Process:
    """A child whose lines are waited for."""

    def __init__(self, *arguments: str | Path, **environment: str) -> None:
        self._child = subprocess.Popen(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT), "LD_PRELOAD": PRELOAD, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        # A child that says nothing more is ended, so that reading from it ends too.
        self._limit = threading.Timer(PATIENCE_S, self._child.kill)
        self._limit.start()

    def line(self) -> str:
        line = self._child.stdout.readline()
        assert line, "the process ended, or said nothing in time"
        return line.rstrip("\n")

    def until(self, wanted: str) -> None:
        while self.line() != wanted:
            pass

    def said(self, **wanted: object) -> dict:
        while not wanted.items() <= (said := json.loads(self.line())).items():
            pass
        return said

    def order(self, order: str) -> None:
        self._child.stdin.write(order + "\n")
        self._child.stdin.flush()
        self.until(f"done {order.split(maxsplit=1)[0]}")

    def stop(self) -> None:
        self._limit.cancel()
        self._child.kill()
        self._child.communicate()


@pytest.fixture
def panel() -> Iterator[tuple[Process, str]]:
    panel = Process(ROOT / "tests/fakes/umockdev_panel.py")
    yield panel, panel.line()
    panel.stop()


@pytest.fixture
def drivers_later(panel, tmp_path) -> Iterator[Callable[[], Process]]:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING)
    watch = ROOT / "tests/edge/buttons/watch.py"
    started: list[Process] = []

    def start() -> Process:
        started.append(Process(watch, mapping, UMOCKDEV_DIR=panel[1]))
        return started[-1]

    yield start
    for process in started:
        process.stop()


@pytest.fixture
def drivers(drivers_later) -> Process:
    return drivers_later()


def test_a_panel_is_found_taken_over_and_read(panel, drivers):
    device, _ = panel
    connected = drivers.said(panel="reception", kind="connected")
    assert connected["detail"] == "Test Panel on pci-0000:00:14.0-usb-0:3."
    device.until("grab")
    before = time.monotonic_ns()
    device.order("down 2")
    contact = drivers.said(type="Contact", panel="reception", button=1, down=True)
    assert before - 1_000 <= contact["at_ns"] <= time.monotonic_ns()
    device.order("up 2")
    drivers.said(type="Contact", panel="reception", button=1, down=False)


def test_a_key_that_is_down_already_is_stuck(panel, drivers_later):
    device, _ = panel
    device.order("down 2")
    assert "Button 1" in drivers_later().said(panel="reception", kind="stuck")["detail"]
