"""systemd's end of NOTIFY_SOCKET."""

import socket
from pathlib import Path


class Supervisor:
    """Hears what a process says of itself, in order."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self.path = path

    def hears(self, within_s: float = 60) -> str | None:
        """The next thing said, or None when nothing is in time."""
        self._socket.settimeout(within_s)
        try:
            return self._socket.recv(1000).decode()
        except TimeoutError:
            return None

    def close(self) -> None:
        self._socket.close()
