"""A network in front of a server, which can be cut, or go silent as when a cable is pulled."""

import contextlib
import socket
import threading
from typing import Self


class Network:
    """Listens on loopback and passes bytes on, both ways, until told otherwise."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.connections = 0
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._silenced: set[socket.socket] = set()
        self._deaf = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        self.cut()

    def cut(self) -> None:
        """End every connection; new ones are taken."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def silence(self) -> None:
        """The connections there are stay open and carry nothing more; new ones are as they should be."""
        self._silenced.update(end for pair in self._pairs for end in pair)

    def go_deaf(self) -> None:
        """New connections are taken and nothing is passed on."""
        self._deaf = True

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to_port))
            except OSError:
                return
            self.connections += 1
            self._pairs.append((near, far))
            if self._deaf:
                self._silenced.update((near, far))
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if source not in self._silenced:
                    target.sendall(data)
        if source not in self._silenced:
            with contextlib.suppress(OSError):
                target.shutdown(socket.SHUT_RDWR)
