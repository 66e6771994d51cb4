"""The application on a real server and a real port, in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from hub.core.http_server import HubServer
from tests.fakes.waiting import eventually
from tests.hub.clinic import Clinic


class ServedApp:
    """A server that runs; `stop` ends it as SIGTERM would."""

    def __init__(
        self, app: FastAPI, port: int = 0, end_streams: Callable[[], None] = lambda: None
    ) -> None:
        self._server = HubServer(app, "127.0.0.1", port, end_streams=end_streams)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        eventually(lambda: self._server.started or not self._thread.is_alive())
        assert self._server.started
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def stop(self, within_s: float = 10.0) -> None:
        self._server.should_exit = True
        self._thread.join(within_s)
        assert not self._thread.is_alive(), "the server did not end"


class Served(ServedApp):
    """A clinic's pages."""

    def __init__(self, clinic: Clinic, app: FastAPI, port: int) -> None:
        super().__init__(app, port, clinic.live.stop)


@contextmanager
def served(clinic: Clinic, port: int = 0) -> Iterator[Served]:
    """A server for as long as the block lasts."""
    server = Served(clinic, clinic.app(), port)
    try:
        yield server
    finally:
        server.stop()
