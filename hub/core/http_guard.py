"""What every request passes before any route: strict headers out, no foreign site's writes and no floods in.

Pure ASGI, so that event streams pass untouched. Whether somebody is signed in is decided by `identity`.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 1024 * 1024
MAX_UPLOAD_BYTES = 8 * 1024 * 1024
"""Of a form that brings files along, or of a list of patients."""
_LISTS = "/api/sms/campaigns/"
MOST_RELEASE_BYTES = 512 * 1024 * 1024
"""Of one file of a release, or of its signed files together."""
_RELEASES = "/api/releases/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler's style sheet carries its small pictures inside
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_FETCHED_BY_TERMINALS = "/releases/"
"""Polled again and again over slow lines, and never by a browser."""
_FETCHED_HEADERS = {"X-Content-Type-Options": "nosniff"}
_KEPT = "public, max-age=31536000, immutable"
_STRICT_TRANSPORT = "max-age=31536000"


class SecurityHeaders:
    """Adds the headers that browsers enforce; `https` says that the pages are served by HTTPS alone."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self._app = app
        self._headers = dict(_HEADERS)
        if https:
            self._headers["Strict-Transport-Security"] = _STRICT_TRANSPORT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        keep = scope["path"].startswith("/static/")
        fetched = scope["path"].startswith(_FETCHED_BY_TERMINALS)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_FETCHED_HEADERS if fetched else self._headers)
                kept = keep and message["status"] == 200
                headers.setdefault("Cache-Control", _KEPT if kept else "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class RequestGuard:
    """Refuses writes that a browser sends for another site, and bodies beyond 1 MiB."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] not in SAFE_METHODS and _is_cross_site(headers):
            refused = _problem(
                403, "Forbidden", "This was sent by another web site. Nothing was changed."
            )
            await refused(scope, receive, send)
            return
        most = _most_bytes(scope["path"], headers)
        if _declared_length(headers) > most:
            await _problem(413, "Content Too Large", _too_large(most))(scope, receive, send)
            return
        await self._app(scope, _limited(receive, most), send)


def _most_bytes(path: str, headers: Headers) -> int:
    if path.startswith(_RELEASES):
        return MOST_RELEASE_BYTES
    uploads = headers.get("content-type", "").startswith("multipart/form-data")
    large = path.startswith(_LISTS) or (
        uploads and path.startswith(("/employees/", "/cases/", "/sms/"))
    )
    return MAX_UPLOAD_BYTES if large else MAX_BODY_BYTES


def _limited(receive: Receive, most: int) -> Receive:
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413, _too_large(most))
        return message

    return receive_limited


def _is_cross_site(headers: Headers) -> bool:
    """By what browsers say of themselves; a program that says nothing carries no cookie of a victim."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host", "")


def _declared_length(headers: Headers) -> int:
    declared = headers.get("content-length", "0")
    return int(declared) if declared.isascii() and declared.isdigit() else 0


def _too_large(most: int) -> str:
    return f"At most {most} bytes are taken. Nothing was changed."


def _problem(status: int, title: str, detail: str) -> JSONResponse:
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status, media_type="application/problem+json")
