"""What systemd does for an agent: starts the launcher whenever it ends, ends what does not say that it lives, and what
takes too much memory."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from edge.fleet import launcher

LAUNCHER = Path(launcher.__file__)
LEASH = ("setpriv", "--pdeathsig=KILL", "--")
READY_S, WATCHDOG_S = 20.0, 20.0
MOST_BYTES = 700_000_000
RESTART_S = 0.1


class Supervisor:
    """Keeps one terminal's agent running, from a thread of its own."""

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str] | None = None,
        within: Sequence[str] = (),
    ) -> None:
        """`within`: a command that gives the agent another network."""
        self.folder = folder
        self.starts: list[float] = []
        self.ready_s = READY_S
        """How long a start may take."""
        self._environment = environment or {}
        self._within = within
        self._log = folder.parent / f"{folder.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self.kill()
        if self._thread.is_alive():
            self._thread.join()

    def kill(self) -> None:
        """SIGKILL for whatever runs now."""
        process = self._process
        if process is not None:
            process.kill()

    def await_next_start(self) -> None:
        """Until something new was started; to be asked soon after a kill."""
        before = len(self.starts)
        deadline = time.monotonic() + 30
        while len(self.starts) == before and time.monotonic() < deadline:
            time.sleep(0.01)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._one_life()
            self._stopping.wait(RESTART_S)

    def _one_life(self) -> None:
        path = self.folder.parent / f"{self.folder.name}.notify"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard, self._log.open("ab") as log:
            heard.bind(str(path))
            heard.settimeout(0.1)
            kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            environment = kept | {
                "NOTIFY_SOCKET": str(path),
                "WELLHEARD_SUPERVISED": "1",
                **self._environment,
            }
            options = ["--folder", str(self.folder), "--simulate"]
            self._process = subprocess.Popen(
                [*self._within, *LEASH, sys.executable, str(LAUNCHER), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
            )
            self.starts.append(time.monotonic())
            self._watch(self._process, heard)

    def _watch(self, process: "subprocess.Popen[bytes]", heard: socket.socket) -> None:
        patience_until = time.monotonic() + self.ready_s
        while process.poll() is None:
            try:
                if heard.recv(4096):
                    patience_until = time.monotonic() + WATCHDOG_S
            except TimeoutError:
                pass
            try:
                greedy = psutil.Process(process.pid).memory_info().rss > MOST_BYTES
            except psutil.NoSuchProcess:
                greedy = False
            if greedy or time.monotonic() > patience_until or self._stopping.is_set():
                process.send_signal(signal.SIGKILL)
                process.wait()
