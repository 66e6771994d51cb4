"""Counts and logs every request by its route's pattern, and turns what nobody expected into a plain 500.

Pure ASGI. Addresses, queries and bodies are never logged: they hold personal data sooner or later.
"""

import time
from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.core.metrics import Metrics

log = structlog.get_logger()

_EVENT_STREAM = b"text/event-stream"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ObservedRequests:
    """`on_crash` makes the answer to a request that died of an unexpected error."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, on_crash: Callable[[Request], Response]
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._on_crash = on_crash

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        answered = _Answered(send)
        try:
            await self._app(scope, receive, answered)
        except Exception:
            log.exception("request_failed", method=_method(scope), route=_route(scope))
            if answered.status is not None:
                raise  # too late for another answer: the connection must break
            await self._on_crash(Request(scope))(scope, receive, answered)
        finally:
            self._observe(scope, answered, time.monotonic() - began)

    def _observe(self, scope: Scope, answered: "_Answered", seconds: float) -> None:
        status, route = answered.status or 499, _route(scope)
        self._metrics.http_requests.labels(_method(scope), route, str(status)).inc()
        if not answered.streams:
            self._metrics.http_seconds.observe(seconds)
        log.info(
            "request_answered",
            method=_method(scope),
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 1),
        )


class _Answered:
    """Passes messages on and remembers how the answer began."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None
        self.streams = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.streams = any(value.startswith(_EVENT_STREAM) for _, value in message["headers"])
        await self._send(message)


def _method(scope: Scope) -> str:
    """One of a few: a stranger's invented methods must not become ever more counters."""
    return scope["method"] if scope["method"] in _METHODS else "other"


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "unmatched"))
