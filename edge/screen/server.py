"""Serves the screen's page to the browser on this machine, and to nobody else.

Listens on loopback only; a page of another origin, or a name that was made to point here, is refused by Host and
Origin. Decides nothing about the survey: requests go to the kiosk, documents come from it.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from edge.screen.kiosk import Kiosk
from edge.screen.loopback import LoopbackServer
from edge.screen.pages import photograph_type, web_file
from edge.screen.view import Document

log = structlog.get_logger()

TICK_S = 0.2

Photograph = Callable[[str], bytes | None]
"""A photograph by its SHA-256, or None when it is not here."""


class ScreenServer(LoopbackServer):
    """The web server of one screen."""

    def __init__(self, kiosk: Kiosk, photograph: Photograph, *, port: int = 0) -> None:
        self._kiosk = kiosk
        self._photograph = photograph
        super().__init__(self._application(), port=port)

    def _application(self) -> Starlette:
        @contextlib.asynccontextmanager
        async def lifespan(_app: Starlette) -> Any:
            ticking = asyncio.create_task(self._tick())
            yield
            ticking.cancel()

        routes = [
            Route("/", self._page),
            Route("/web/{name:path}", self._page),
            Route("/photographs/{sha256}", self._picture),
            Route("/painted", self._painted),
            WebSocketRoute("/live", self._live),
        ]
        return Starlette(routes=routes, lifespan=lifespan)

    async def _tick(self) -> None:
        while True:
            try:
                self._kiosk.tick()
            except Exception:
                log.exception("screen_tick_failed")
            await asyncio.sleep(TICK_S)

    async def _page(self, request: Request) -> Response:
        path = web_file(request.path_params.get("name", "index.html"))
        return FileResponse(path) if path else Response(status_code=404)

    async def _painted(self, _request: Request) -> Response:
        """When the page last painted, for whoever shows it from another process of this machine."""
        return JSONResponse({"painted_ms": self._kiosk.page.painted_ms})

    async def _picture(self, request: Request) -> Response:
        found = self._photograph(request.path_params["sha256"])
        kind = photograph_type(found) if found else None
        if found is None or kind is None:
            return Response(status_code=404)
        return Response(found, media_type=kind, headers={"Cache-Control": "max-age=31536000"})

    async def _live(self, live: WebSocket) -> None:
        await live.accept()
        loop = asyncio.get_running_loop()
        news: asyncio.Queue[Document] = asyncio.Queue()

        def tell(document: Document) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended with the server
                loop.call_soon_threadsafe(news.put_nowait, document)

        end = self._kiosk.watch(tell)
        telling = asyncio.create_task(_tell(live, news))
        try:
            while True:
                self._hear(await live.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            end()
            telling.cancel()

    def _hear(self, text: str) -> None:
        """Never logs what was said: it may be a telephone number."""
        try:
            request = json.loads(text)
        except ValueError:
            return
        if isinstance(request, dict):
            self._kiosk.touch(request)


async def _tell(live: WebSocket, news: "asyncio.Queue[Document]") -> None:
    while True:
        document = await news.get()
        await live.send_text(json.dumps(document))
