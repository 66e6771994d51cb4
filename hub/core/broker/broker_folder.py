"""The folder of a broker that we start: private files, one hub at a time, and the child a dead hub left behind."""

import fcntl
import os
import select
import signal
from contextlib import suppress
from pathlib import Path
from typing import IO

from hub.core.broker.interface import BrokerUnavailableError

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
END_PATIENCE_MS = 5_000


class BrokerFolder:
    """Of one kind of broker or the other, never of two hubs at once: the lock dies with its holder."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.log_file = self.path / "broker.log"
        self._pid_file = self.path / "broker.pid"
        self._lock: IO[bytes] | None = None

    def write(self, name: str, text: str) -> Path:
        """Replace a file at once and durably; nobody but us may read it."""
        self._make()
        target, fresh = self.path / name, self.path / f".{name}.new"
        with self._private(fresh) as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        return target

    def take(self) -> None:
        """Become the folder's only user and end what a killed one left running.

        Raises BrokerUnavailableError if another hub runs on the same folder.
        """
        self._make()
        lock = self._private(self.path / "broker.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise BrokerUnavailableError(
                f"another hub already runs its broker in {self.path}"
            ) from None
        self._lock = lock
        self._end_stale_child()

    def release(self) -> None:
        """Let another hub have it; nothing happens if it is not ours."""
        if self._lock is not None:
            self._pid_file.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def remember_child(self, pid: int) -> None:
        """For whoever takes the folder after a SIGKILL of this process."""
        self.write(self._pid_file.name, str(pid))

    def open_log(self) -> IO[bytes]:
        """Begun anew with every child, so that it cannot grow for years; the one before is kept."""
        with suppress(FileNotFoundError):
            self.log_file.replace(self.path / "broker.log.1")
        return self._private(self.log_file)

    def last_words(self) -> str:
        """The end of what the child said."""
        with suppress(OSError):
            return self.log_file.read_text(errors="replace")[-2_000:].strip()
        return ""

    def _make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(PRIVATE_FOLDER)

    def _private(self, path: Path) -> IO[bytes]:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb")

    def _end_stale_child(self) -> None:
        with suppress(OSError, ValueError, OverflowError):  # no such file, number or process
            pid = int(self._pid_file.read_text())
            process = os.pidfd_open(pid)
            try:
                self._end(process, pid)
            finally:
                os.close(process)
        self._pid_file.unlink(missing_ok=True)

    def _end(self, process: int, pid: int) -> None:
        """By a descriptor, not the number, which may already be somebody else's."""
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if any(argument.startswith(os.fsencode(self.path) + b"/") for argument in arguments):
            signal.pidfd_send_signal(process, signal.SIGKILL)
        elif arguments != [
            b""
        ]:  # a process that is dying shows no arguments, but may hold the port
            return
        exited = select.poll()
        exited.register(process, select.POLLIN)
        exited.poll(END_PATIENCE_MS)
