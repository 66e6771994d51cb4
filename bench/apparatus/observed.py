"""A child process under observation: what it says, what it costs, and its end."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Self

import psutil


class ChildSilent(Exception):
    """A child did not say what was waited for; the text has its last words."""


class Observed:
    """Started by its making, ended with the block."""

    def __init__(
        self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._log = log
        with log.open("ab") as stderr:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, **(environment or {})},
            )
        self.process = psutil.Process(self._child.pid)
        self._said: SimpleQueue[bytes | None] = SimpleQueue()
        Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.terminate()
        try:
            self._child.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL, as when the power fails, but for what the kernel has taken over already."""
        self._child.kill()
        self._child.wait()

    def line(self, within_s: float) -> dict[str, Any]:
        """The next JSON object that it says."""
        try:
            line = self._said.get(timeout=within_s)
        except Empty:
            line = None
        if line is None:
            words = self._log.read_text("utf-8", "replace")[-1000:]
            raise ChildSilent(f"{self.process.pid} said nothing more. {words}")
        said: dict[str, Any] = json.loads(line)
        return said

    def _listen(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._said.put(line)
        self._said.put(None)


def cpu_s(process: psutil.Process) -> float:
    """Processor time of all its threads so far, in user and kernel mode."""
    times = process.cpu_times()
    return float(times.user + times.system)


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module with this Python."""
    return [sys.executable, "-m", module, *arguments]
