"""A web server for this machine's own screen and nobody else, in a thread of its own."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from edge.screen.guard import LoopbackGuard

LARGEST_REQUEST = 16 * 1024


class LoopbackServer:
    """Serves an application on loopback; port 0 is any free one. OSError: the port is taken."""

    def __init__(self, application: ASGIApp, *, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(
                LoopbackGuard(application, self.port),
                log_config=None,
                access_log=False,
                server_header=False,
                ws_max_size=LARGEST_REQUEST,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)

    @property
    def url(self) -> str:
        """Where the browser finds the page."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End; open pages are told."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])
