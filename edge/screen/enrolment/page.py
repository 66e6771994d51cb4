"""The screen of a terminal that belongs to no hub yet: a code to be told, or what stands in the way.

Served where the questions will be, so that whoever shows the page need not know which of them it is.
"""

import io
import tomllib
from pathlib import Path
from typing import Any

import segno
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from edge.clock import Clock
from edge.fleet.enrolment.asking import Hindered, Waiting
from edge.screen.browser import Page
from edge.screen.loopback import LoopbackServer
from edge.screen.pages import web_file

HERE = Path(__file__).parent
FILES = {"page.css", "page.js"}


class WaitingPage(LoopbackServer):
    """`show` may be called from any thread; None: the terminal does not know its hub."""

    def __init__(self, clock: Clock, *, port: int = 0) -> None:
        self.page = Page(clock)
        self._texts: dict[str, dict[str, str]] = tomllib.loads(
            (HERE / "texts.toml").read_text("utf-8")
        )
        self._standing: Waiting | Hindered | None = None
        routes = [
            Route("/", self._page),
            Route("/web/{name:path}", self._common),
            Route("/enrolment/standing", self._say),
            Route("/enrolment/qr.svg", self._qr),
            Route("/enrolment/{name}", self._own),
            Route("/painted", self._painted),
        ]
        super().__init__(Starlette(routes=routes), port=port)

    def show(self, standing: Waiting | Hindered | None) -> None:
        """From the page's next look on."""
        self._standing = standing

    def document(self) -> dict[str, Any]:
        """What the page draws."""
        match self._standing:
            case Waiting(code, address):
                return self._said("code", spelt(code), address.partition("?")[0])
            case Hindered(hub_url, reason, refused):
                return self._said("refused" if refused else "hindered", "", f"{hub_url} · {reason}")
            case None:
                return self._said("no_card", "", "")

    def _said(self, kind: str, code: str, fact: str) -> dict[str, Any]:
        sentences = {language: texts[kind] for language, texts in self._texts.items()}
        return {"code": code, "fact": fact, "sentences": sentences}

    async def _page(self, _request: Request) -> Response:
        return FileResponse(HERE / "web" / "index.html")

    async def _own(self, request: Request) -> Response:
        name = request.path_params["name"]
        return FileResponse(HERE / "web" / name) if name in FILES else Response(status_code=404)

    async def _common(self, request: Request) -> Response:
        path = web_file(request.path_params["name"])
        return FileResponse(path) if path else Response(status_code=404)

    async def _say(self, _request: Request) -> Response:
        self.page.beat(painted=True)
        return JSONResponse(self.document())

    async def _qr(self, _request: Request) -> Response:
        standing = self._standing
        if not isinstance(standing, Waiting):
            return Response(status_code=404)
        drawn = io.BytesIO()
        segno.make(standing.address, error="m", micro=False).save(
            drawn, kind="svg", border=3, xmldecl=False, dark="#17212b", light="#fff"
        )
        return Response(drawn.getvalue(), media_type="image/svg+xml")

    async def _painted(self, _request: Request) -> Response:
        """As the questions' page says it: for whoever shows it from another process of this machine."""
        return JSONResponse({"painted_ms": self.page.painted_ms})


def spelt(code: str) -> str:
    """In two halves, as people say it."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"
