"""Uvicorn, told to end its event streams before it waits for open connections."""

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

GRACE_S = 5
"""For requests under way at shutdown; streams end at once by `end_streams`."""


class HubServer(uvicorn.Server):
    """Serves the application; `end_streams` runs on the event loop when shutdown begins.

    `ended` says whether a signal to end came before the server listened for signals itself.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        end_streams: Callable[[], None],
        ended: Callable[[], bool] = lambda: False,
    ) -> None:
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        super().__init__(config)
        self._end_streams = end_streams
        self._ended = ended

    async def main_loop(self) -> None:
        if not self._ended():
            await super().main_loop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets)
