"""Patients who press, look for the lamp's thanks, and remember what they saw even if the terminal does not."""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Literal

from tests.system.clinic import PANELS, Terminal
from wellheard.demo.crowd import Controls

BUTTONS = 4
PATIENCE_S = 15.0
LOOK_AGAIN_S = 0.002
FLASHES_APART_S = 0.8
BOUNCING_MS = 150.0
"""The same button again within 30 ms is taken for a bouncing contact; a busy machine reads some edges late."""

Outcome = Literal["thanked", "refused", "cut off", "unheard"]
"""What a patient saw; `cut off`: the terminal died in front of them."""


def uptime_ms() -> float:
    """The clock that messages carry as `uptime_ms`, read by the patient: it is the machine's, and never wrong."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) / 1e6


@dataclass(frozen=True, slots=True)
class Press:
    """One press, from the finger's coming down to the patient's knowing what became of it."""

    device: str
    panel: str
    button: int
    began_ms: float
    ended_ms: float
    outcome: Outcome


class Patient:
    """Presses the buttons of one panel in turn."""

    def __init__(self, terminal: Terminal, panel: str = PANELS[0]) -> None:
        self._terminal = terminal
        self._panel = panel
        self._turn = 0
        self._touched_ms = dict.fromkeys(range(1, BUTTONS + 1), 0.0)
        self.presses: list[Press] = []

    def press(self, controls: Controls) -> Press:
        """Once; returns when the lamp has thanked or refused, or the terminal has died."""
        self._turn += 1
        button = 1 + self._turn % BUTTONS
        time.sleep(max(0.0, self._touched_ms[button] + BOUNCING_MS - uptime_ms()) / 1000)
        began = uptime_ms()
        try:
            outcome = self._watch(controls, button)
        except OSError:
            outcome = "cut off"
        ended = uptime_ms()
        if outcome == "refused":
            self._await_dark(controls)
        self._touched_ms[button] = uptime_ms()
        seen = Press(self._terminal.device, self._panel, button, began, ended, outcome)
        self.presses.append(seen)
        return seen

    def press_times(self, times: int) -> list[Press]:
        """So often, one press after another."""
        with self._terminal.controls() as controls:
            return [self.press(controls) for _ in range(times)]

    def press_until(self, wanted: Outcome, at_most: int) -> list[Press]:
        """Until a press comes to this."""
        with self._terminal.controls() as controls:
            for count in range(1, at_most + 1):
                if self.press(controls).outcome == wanted:
                    return self.presses[-count:]
        raise AssertionError(f"not one of {at_most} presses was {wanted}")

    def press_on(self, stopping: threading.Event, random: Random, pause_s: float) -> None:
        """One after another; a terminal that is dead is waited for."""
        while not stopping.wait(0.05):
            with suppress(OSError), self._terminal.controls() as controls:
                stopping.wait(0.3)  # a terminal that has just started is looked at first
                while not stopping.wait(random.expovariate(1 / pause_s)):
                    if self.press(controls).outcome == "cut off":
                        break

    def _watch(self, controls: Controls, button: int) -> Outcome:
        thanks = controls.ask("thanks", panel=self._panel)
        refusals = controls.ask("refusals", panel=self._panel)
        controls.ask("press", panel=self._panel, button=button, hold_ms=2)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if controls.ask("thanks", panel=self._panel) > thanks:
                return "thanked"
            if controls.ask("refusals", panel=self._panel) > refusals:
                return "refused"
            time.sleep(LOOK_AGAIN_S)
        return "unheard"

    def _await_dark(self, controls: Controls) -> None:
        """One refusal is several flashes; the next press is not to be taken for refused by the last of them."""
        flashes = -1
        while flashes != (flashes := controls.ask("refusals", panel=self._panel)):
            time.sleep(FLASHES_APART_S)


class Crowd:
    """A patient at every panel of every terminal, each in a thread."""

    def __init__(self, terminals: list[Terminal], seed: int, pause_s: float) -> None:
        self.patients = [Patient(terminal, panel) for terminal in terminals for panel in PANELS]
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(
                target=patient.press_on,
                args=(self._stopping, Random(f"{seed}/{n}"), pause_s),
                daemon=True,
            )
            for n, patient in enumerate(self.patients)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(PATIENCE_S * 2)
            assert not thread.is_alive()

    def presses(self) -> list[Press]:
        return [press for patient in self.patients for press in patient.presses]
