"""An index of packages on loopback, which pip asks as it asks any other."""

import io
import os
import threading
import zipfile
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import pytest


class PackageIndex:
    """Serves the wheels that it is told to offer."""

    def __init__(self) -> None:
        wheels: dict[str, bytes] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                package, _, file = self.path.removeprefix("/simple/").partition("/")
                if file:
                    self._answer(200, "application/octet-stream", wheels[file])
                elif links := "".join(
                    f'<a href="{name}">{name}</a>'
                    for name in wheels
                    if name.startswith(package.replace("-", "_") + "-")
                ):
                    self._answer(200, "text/html", f"<!doctype html>{links}".encode())
                else:
                    self._answer(404, "text/plain", b"")

            def _answer(self, status: int, kind: str, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Silent."""

        self._wheels = wheels
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def make_pips_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Pip asks this index, whatever it is configured for."""
        monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
        monkeypatch.setenv("PIP_RETRIES", "0")
        monkeypatch.setenv("PIP_RESUME_RETRIES", "0")
        port = self._server.server_address[1]
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple/")

    def offer(self, package: str, version: str, files: Mapping[str, bytes]) -> None:
        """A wheel with these files."""
        self.offer_wheel(package, version, wheel(package, version, files))

    def offer_wheel(self, package: str, version: str, content: bytes) -> None:
        """Whatever this is, under a wheel's name."""
        self._wheels[f"{package.replace('-', '_')}-{version}-py3-none-any.whl"] = content


def wheel(package: str, version: str, files: Mapping[str, bytes]) -> bytes:
    """What pip accepts as one, for a Python that nobody has."""
    described = f"{package.replace('-', '_')}-{version}.dist-info"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr(
            f"{described}/METADATA",
            f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\nRequires-Python: >=9\n",
        )
        archive.writestr(
            f"{described}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"{described}/RECORD", "")
    return written.getvalue()
