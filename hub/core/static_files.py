"""Style sheets, scripts, fonts and pictures: served by us alone, compressed once, kept by browsers for ever.

Every address carries a digest of all the files, so that one file may name another beside it, and a new version of any
is a new address. Files of npm packages lie in `static/vendor`, where `development/assets.py` puts them.
"""

import gzip
import mimetypes
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

FOLDER = Path(__file__).parent / "static"

_COMPRESSED = ("text/", "image/svg", "application/json")
_ENCODINGS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("br", lambda content: bytes(brotli.compress(content, quality=9))),  # type: ignore[no-untyped-call]
    ("gzip", lambda content: gzip.compress(content, mtime=0)),
)


class AssetMissing(Exception):
    """A page names a file that is not there; the text says what to do."""


class StaticFiles:
    """An ASGI application for one folder, read when it is made."""

    def __init__(self, folder: Path = FOLDER, prefix: str = "/static") -> None:
        self._contents = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        whole = sha256()
        for name, content in self._contents.items():
            whole.update(name.encode() + b"\0" + sha256(content).digest())
        self._digest = whole.hexdigest()[:16]
        self._prefix = prefix
        self._encoded = cache(self._encode)  # lazily: a page needs few of them

    def address(self, name: str) -> str:
        """Where a page finds the file; AssetMissing when there is none."""
        self._content(name)
        return f"{self._prefix}/{self._digest}/{name}"

    def text(self, name: str) -> str:
        """The file itself, to be written into a page."""
        return self._content(name).decode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            return Response(status_code=405)
        path: str = scope["path"]
        digest, _slash, name = path.removeprefix(f"{self._prefix}/").partition("/")
        if digest != self._digest or name not in self._contents:
            return Response(status_code=404)
        kind = _kind(name)
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, _compress in _ENCODINGS:
            if encoding in accepted and kind.startswith(_COMPRESSED):
                headers = {"Content-Encoding": encoding, "Vary": "Accept-Encoding"}
                return Response(self._encoded(name, encoding), 200, headers, kind)
        return Response(self._contents[name], 200, {"Vary": "Accept-Encoding"}, kind)

    def _encode(self, name: str, encoding: str) -> bytes:
        return dict(_ENCODINGS)[encoding](self._contents[name])

    def _content(self, name: str) -> bytes:
        if name not in self._contents:
            raise AssetMissing(
                f"{name} is not among the pages' files; `make assets` puts them there"
            )
        return self._contents[name]


def _kind(name: str) -> str:
    if name.endswith(".woff2"):
        return "font/woff2"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
