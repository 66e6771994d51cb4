"""Processes that a test may kill: started on a leash, killed, frozen, ended in order.

Each is tied to the test's main thread by the kernel, so that nothing is left running when a test run is killed.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.system.forking import Forked

PATIENCE_S = 90.0
WELLHEARD = (sys.executable, "-m", "wellheard")


class Process:
    """One program; what it prints and logs is kept in the folder, of all its lives together."""

    def __init__(self, name: str, command: Callable[[], list[str]], folder: Path) -> None:
        self.name = name
        self.environment: dict[str, str] = {}
        self._command = command
        self._output = folder / f"{name}.out"
        self._log = folder / f"{name}.log"
        self._running: subprocess.Popen[bytes] | Forked | None = None

    def start(self) -> None:
        """Returns at once; `first_line` waits until it is ready."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("WELLHEARD_")
        } | self.environment
        command = self._command()
        if Forked.can(command):
            self._output.unlink(missing_ok=True)
            self._running = Forked(command, self._output, self._log, environment)
            return
        leash = ["setpriv", "--pdeathsig=KILL", "--"]
        with self._output.open("wb") as output, self._log.open("ab") as log:
            self._running = subprocess.Popen(
                [*leash, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
                env=environment,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        assert self._running is not None, f"{self.name} was never started"
        return self._running.pid

    def alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def kill(self) -> None:
        """SIGKILL, as a power cut for this process alone."""
        if self._running is not None:
            self._running.kill()
            self._running.wait(PATIENCE_S)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """SIGTERM, or another request to end, and what it returned."""
        assert self._running is not None
        self._running.send_signal(number)
        return self._running.wait(PATIENCE_S)

    def wait(self) -> int:
        """Until it has ended by itself, and what it returned."""
        assert self._running is not None
        return self._running.wait(PATIENCE_S)

    def freeze(self) -> None:
        """It exists, and does nothing: a hung machine."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def first_line(self) -> dict[str, Any] | None:
        """The JSON object it says once it is ready; None when it ended before."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            said = self._output.read_bytes() if self._output.exists() else b""
            if b"\n" in said:
                found: dict[str, Any] = json.loads(said.partition(b"\n")[0])
                return found
            if not self.alive():
                return None
            assert time.monotonic() < deadline, f"{self.name} said nothing. {self.log()[-2000:]}"
            time.sleep(0.02)

    def output(self) -> str:
        return self._output.read_text("utf-8", "replace")

    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def child(self, word: str) -> psutil.Process | None:
        """The child with this word in its command line, if there is one just now."""
        try:
            children = psutil.Process(self.pid).children()
            return next((c for c in children if any(word in part for part in c.cmdline())), None)
        except psutil.NoSuchProcess:
            return None
