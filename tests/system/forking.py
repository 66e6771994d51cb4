"""Our own program as a process of its own, forked from a server that has read its modules once.

Reading them takes longer than most tests that start a hub; all else is as `python -m` would have it. The server is the
standard library's `forkserver` and ends with the test run, and what it has forked with it. A process has one such
server, so whoever else forks in a test uses `FORKING`, and its modules are listed here.
"""

import ctypes
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

PR_SET_PDEATHSIG = 1

FORKING = get_context("forkserver")
FORKING.set_forkserver_preload(
    [
        "hub.cli",
        "hub.running",
        "edge.cli",
        "edge.app",
        "wellheard.cli",
        "tests.system.forking",
        "tests.system.fleet.killed_steps",
        "tests.system.words_read",
        "tests.system.settled",
    ]
)


class Forked:
    """`python -m module arguments…`; what it prints and logs goes into files. The rest is as with Popen."""

    def __init__(
        self, command: Sequence[str], output: Path, log: Path, environment: Mapping[str, str]
    ) -> None:
        become = (list(command), str(output), str(log), dict(environment))
        self._process = FORKING.Process(target=_become, args=become)
        self._process.start()

    @staticmethod
    def can(command: Sequence[str]) -> bool:
        """Whether this is a command of that form."""
        return list(command[:2]) == [sys.executable, "-m"]

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("forked", timeout)
        return self._process.exitcode


def _become(command: list[str], output: str, log: str, environment: dict[str, str]) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, buffering=1, closefd=False)  # noqa: SIM115 - for as long as it lives
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    os.environ.clear()
    os.environ.update(environment)
    _, _, module, *sys.argv[1:] = command
    runpy.run_module(module, run_name="__main__", alter_sys=True)
