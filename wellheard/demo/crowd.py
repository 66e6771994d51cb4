"""Simulated patients: they press virtual buttons and look for the lamp's thanks; they never touch the database."""

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from wellheard.demo.terminals import DemoTerminal

MOODS = (1, 1, 1, 1, 2, 2, 2, 3, 4)
"""Buttons as often as patients mean them: most are content."""
HOLD_MS = (60, 140)
CHILD_AT_PLAY = 0.01
STEP_UP_S = 6.0
"""From one patient's press to the next one's, where there is time: two within five seconds count as a repetition."""


class Controls:
    """The socket of one simulated terminal. Not to be shared between threads."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rwb")

    def ask(self, do: str, **fields: Any) -> Any:
        """Do something to the virtual hardware, or read it; ConnectionError when the agent is gone."""
        self._lines.write(json.dumps({"do": do, **fields}).encode() + b"\n")
        self._lines.flush()
        line = self._lines.readline()
        if not line:
            raise ConnectionError("the terminal is gone")
        answer = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["result"]

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


class Panel:
    """One panel and the queue of patients in front of it."""

    def __init__(self, terminal: DemoTerminal, name: str, controls: Path, random: Random) -> None:
        self.device = terminal.device
        self.name = name
        self._path = controls
        self._random = random
        self.pressed = 0
        self.waiting: deque[int] = deque()
        """When (CLOCK_MONOTONIC, ns) each press began that no page has shown yet."""

    def serve(self, pause_s: float, stopping: threading.Event) -> None:
        """Patients come, at random, until stopped."""
        controls = Controls(self._path)
        step_up_s = STEP_UP_S if pause_s > 2 * STEP_UP_S else 0.0
        try:
            while not stopping.wait(
                step_up_s + self._random.expovariate(1 / (pause_s - step_up_s))
            ):
                times = 5 if pause_s > 1 and self._random.random() < CHILD_AT_PLAY else 1
                for _ in range(times):
                    self._press(controls)
        except (ConnectionError, BrokenPipeError):
            return
        finally:
            controls.close()

    def thanks(self) -> int:
        """How often this panel's lamp has thanked."""
        controls = Controls(self._path)
        try:
            return int(controls.ask("thanks", panel=self.name))
        finally:
            controls.close()

    def _press(self, controls: Controls) -> None:
        button, hold_ms = self._random.choice(MOODS), self._random.uniform(*HOLD_MS)
        self.waiting.append(time.monotonic_ns())
        self.pressed += 1
        controls.ask("press", panel=self.name, button=button, hold_ms=hold_ms)
        time.sleep(0.05)  # longer than contacts bounce: the next press is another one


class Crowd:
    """All patients of the clinic."""

    def __init__(self, panels: list[Panel]) -> None:
        self.panels = panels
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, presses_per_second: float) -> None:
        """Let them come."""
        pause_s = len(self.panels) / presses_per_second
        for panel in self.panels:
            thread = threading.Thread(
                target=panel.serve, args=(pause_s, self._stopping), daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Let nobody else come, and wait for those at the panels."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def pressed(self) -> int:
        return sum(panel.pressed for panel in self.panels)

    def thanked(self) -> int:
        return sum(panel.thanks() for panel in self.panels)


def gather(
    terminals: dict[Path, DemoTerminal], seed: int, random: Callable[[str], Random] = Random
) -> Crowd:
    """Patients for each panel of each terminal, whose folder is given."""
    panels = [
        Panel(terminal, panel["name"], folder / "controls.sock", random(f"{seed}/{panel['name']}"))
        for folder, terminal in terminals.items()
        for panel in terminal.panels()
    ]
    return Crowd(panels)
