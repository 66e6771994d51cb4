"""Keeps a broker's process running: started on a leash, watched, restarted when it dies or stops answering.

Decides when a broker counts as running, dead or stuck. What it runs with is the broker's own affair.
One thread starts every child and lasts until `stop`: the kernel ties a leash to the thread that forked.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from hub.core.broker import leash
from hub.core.broker.broker_folder import BrokerFolder
from hub.core.broker.handshake import connect_reason
from hub.core.broker.interface import BrokerUnavailableError
from hub.core.broker.listening import LOOPBACK, require_free

START_PATIENCE_S = 20.0
STOP_PATIENCE_S = 3.0
READY_POLL_S = 0.02
PROBE_EVERY_S = 5.0
PROBES_MISSED = 2
SETTLED_S = 1.0
LONGEST_DELAY_S = 30.0
FIRST_DELAY_S = 0.05

log = structlog.get_logger(__name__)


def restart_delay_s(deaths_in_a_row: int) -> float:
    """Almost none after the first death, doubled with each that follows at once."""
    return min(FIRST_DELAY_S * 2.0 ** min(deaths_in_a_row, 20), LONGEST_DELAY_S)


class Supervisor:
    """One child on one loopback port, for as long as the hub wants it.

    `prepare` writes the child's files for that port and returns the command; it is called once, when the
    folder is known to be ours alone.
    """

    def __init__(
        self,
        name: str,
        prepare: Callable[[int], Sequence[str]],
        folder: BrokerFolder,
        port: int,
        *,
        reload_signal: signal.Signals | None = None,
        probe_every_s: float = PROBE_EVERY_S,
    ) -> None:
        self._name = name
        self._prepare = prepare
        self._command: tuple[str, ...] = ()
        self._folder = folder
        self._port = port
        self._reload_signal = reload_signal
        self._probe_every_s = probe_every_s
        self._child: subprocess.Popen[bytes] | None = None
        self._child_lock = threading.Lock()
        self._stopping = threading.Event()
        self._answering = threading.Event()
        self._felled = False
        """Whether the last child was killed from outside, which tells nothing of whether it can work."""
        self._first_outcome = threading.Event()
        self._thread = threading.Thread(
            target=self._supervise, name=f"{name}-supervisor", daemon=True
        )

    def start(self) -> None:
        """Return when the broker answers. Raises BrokerUnavailableError with the reason."""
        self._folder.take()
        try:
            require_free(self._port)
            self._command = tuple(self._prepare(self._port))
            self._thread.start()
            if not (self._first_outcome.wait(START_PATIENCE_S) and self._answering.is_set()):
                reason = self._folder.last_words() or "it did not answer in time"
                raise BrokerUnavailableError(f"{self._name} did not start: {reason}")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the child for good, gently first."""
        self._stopping.set()
        self._signal(signal.SIGTERM)
        if self._thread.is_alive():
            self._thread.join(STOP_PATIENCE_S)
            self._signal(signal.SIGKILL)
            self._thread.join()
        self._folder.release()

    def answering(self) -> bool:
        """Whether the present child has answered a client and lives."""
        return self._answering.is_set()

    def reload(self) -> None:
        """Have the child read its files again; one that has not answered yet is told when it does."""
        if self._reload_signal is not None and self._answering.is_set():
            self._signal(self._reload_signal)

    def _signal(self, number: signal.Signals) -> None:
        with self._child_lock:
            if self._child is not None:
                self._child.send_signal(number)

    def _supervise(self) -> None:
        deaths = 0
        while not self._stopping.is_set():
            settled = self._one_life()
            if self._stopping.is_set() or not (self._first_outcome.is_set() or self._felled):
                break
            deaths = 0 if settled else deaths + 1
            delay_s = restart_delay_s(deaths)
            log.warning("broker_died", kind=self._name, attempt=deaths, seconds=delay_s)
            self._stopping.wait(delay_s)
        self._first_outcome.set()

    def _one_life(self) -> bool:
        """From birth to death; whether the child answered long enough to count as sound."""
        child = self._spawn()
        if child is None:
            return False
        answered_at = None
        if self._becomes_ready(child):
            answered_at = time.monotonic()
            self._answering.set()
            self._first_outcome.set()
            log.info("broker_started", kind=self._name, port=self._port)
            # Its files may have changed between its reading them and its first answer.
            self.reload()
            self._watch(child)
            self._answering.clear()
        self._felled = (child.poll() or 0) < 0
        child.kill()
        child.wait()
        return answered_at is not None and time.monotonic() - answered_at >= SETTLED_S

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        leashed = (sys.executable, "-I", "-S", str(Path(leash.__file__)), str(os.getpid()))
        # The hub's settings hold secrets that are no business of the broker's.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("WELLHEARD_")}
        with self._child_lock, self._folder.open_log() as output:
            if self._stopping.is_set():
                return None
            try:
                self._child = subprocess.Popen(
                    (*leashed, *self._command),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=environment,
                    start_new_session=True,  # Ctrl-C is for the hub, which ends its broker last
                )
            except OSError as error:
                log.warning("broker_not_spawned", kind=self._name, error_type=type(error).__name__)
                return None
            self._folder.remember_child(self._child.pid)
            return self._child

    def _becomes_ready(self, child: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + START_PATIENCE_S
        while child.poll() is None and time.monotonic() < deadline:
            if connect_reason(LOOPBACK, self._port) is not None:
                return True
            if self._stopping.wait(READY_POLL_S):
                return False
        return False

    def _watch(self, child: subprocess.Popen[bytes]) -> None:
        """Return when the child has ended; end it when it no longer answers."""
        missed = 0
        while missed < PROBES_MISSED:
            try:
                child.wait(self._probe_every_s)
            except subprocess.TimeoutExpired:
                timeout_s = self._probe_every_s
                answered = connect_reason(LOOPBACK, self._port, timeout_s=timeout_s) is not None
                missed = 0 if answered else missed + 1
            else:
                return
        log.warning("broker_stuck", kind=self._name)
