"""The demonstration's processes: started, watched, and ended together, however the demonstration ends."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

START_S = 40.0
END_S = 10.0


class ChildFailed(Exception):
    """A process could not be started or ended by itself; the text says which, and its own last words."""


class Children:
    """Processes of this Python; leaving the `with` block ends them in the reverse order."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for _name, process in reversed(self._running):
            process.terminate()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Run `wellheard …`; what it logs goes to a file named after it."""
        with (self._logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "wellheard", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the demonstration, which ends them in order
            )
        self._running.append((name, process))
        return process

    def first_line(self, name: str, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        """The JSON object that a process says once it is ready."""
        timer = threading.Timer(START_S, process.kill)
        timer.start()
        try:
            line = process.stdout.readline() if process.stdout else b""
        finally:
            timer.cancel()
        if not line:
            raise ChildFailed(f"{name} did not start. {self._last_words(name)}")
        found: dict[str, Any] = json.loads(line)
        return found

    def check(self) -> None:
        """ChildFailed when one has ended by itself."""
        for name, process in self._running:
            if process.poll() is not None:
                raise ChildFailed(f"{name} has ended. {self._last_words(name)}")

    def wait_for(self, path: Path, name: str) -> None:
        """Until a process has made a file."""
        deadline = time.monotonic() + START_S
        while not path.exists():
            self.check()
            if time.monotonic() > deadline:
                raise ChildFailed(f"{name} did not start. {self._last_words(name)}")
            time.sleep(0.02)

    def _last_words(self, name: str) -> str:
        log = self._logs / f"{name}.log"
        lines = log.read_text("utf-8", "replace").strip().splitlines() if log.exists() else []
        return lines[-1][:500] if lines else f"It said nothing; see {log}."
