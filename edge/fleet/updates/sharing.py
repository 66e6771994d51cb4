"""Lends our wheels to the other terminals of the site, so that each comes over the clinic's line once.

Wheels are public and are asked for by digest, and whoever fetches one holds it against a signed digest: neither side
need know the other. Nothing else is served, and nobody can put anything here.
"""

import asyncio
import socket
import threading

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from edge.fleet.updates.store import WheelStore

MOST_AT_ONCE = 4
"""Further terminals are told to come back, or ask the hub."""


def sharing_app(store: WheelStore) -> Starlette:
    """`GET /wheels/<sha256>`, in parts where a part is asked for."""

    def wheel(request: Request) -> Response:
        found = store.find(request.path_params["sha256"])
        if found is None:
            return Response(status_code=404)
        return FileResponse(found, media_type="application/zip")

    return Starlette(routes=[Route("/wheels/{sha256}", wheel)])


class Sharing:
    """The server, in a thread of its own. OSError: its port is taken."""

    def __init__(self, store: WheelStore, port: int, host: str = "0.0.0.0") -> None:  # noqa: S104
        self._socket = socket.create_server((host, port))
        self.port = int(self._socket.getsockname()[1])
        config = uvicorn.Config(
            sharing_app(store),
            log_config=None,
            access_log=False,
            limit_concurrency=MOST_AT_ONCE,
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="sharing", daemon=True)

    def start(self) -> None:
        """Serve."""
        self._thread.start()

    def stop(self) -> None:
        """End; who was fetching goes on elsewhere."""
        self._server.should_exit = self._server.force_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=2)
        self._socket.close()

    def _run(self) -> None:
        asyncio.run(self._server.serve([self._socket]))
