"""Server-rendered pages: where templates lie, how texts, times and links are written in them.

Each slice keeps its templates in its own `pages` folder and names them `slice/page.html`.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from hub.core.clock import as_datetime

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "pages"


class Pages:
    """Renders the templates of every slice."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        loaders = {name: FileSystemLoader(folder) for name, folder in folders.items()}
        self._environment = Environment(
            loader=PrefixLoader({"core": FileSystemLoader(TEMPLATES), **loaders}),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        self._environment.filters |= {"local_time": local_time, "hex_dump": hex_dump}
        self._environment.globals["static"] = _versioned(STATIC)

    def show(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """The page; a template sees `values`, the path, and the visitor where somebody is signed in."""
        seen = {"path": request.url.path, "visitor": getattr(request.state, "visitor", None)}
        text = self._environment.get_template(template).render(seen | values)
        return HTMLResponse(text, status, headers)


def static_files() -> StaticFiles:
    """Style sheets and scripts; addresses carry a digest, so they may be kept by browsers."""
    return StaticFiles(directory=STATIC)


def local_time(at_ms: int, time_zone: str) -> str:
    """Date and time in a facility's zone."""
    return as_datetime(at_ms).astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M:%S %Z")


def hex_dump(payload: bytes, width: int = 16) -> str:
    """Offset, bytes in hexadecimal, and what of them is printable ASCII."""
    lines = []
    for start in range(0, len(payload), width):
        row = payload[start : start + width]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{start:06x}  {row.hex(' '):<{width * 3}} {shown}")
    return "\n".join(lines)


def _versioned(folder: Path) -> Mapping[str, str]:
    return {
        file.name: f"/static/{file.name}?v={sha256(file.read_bytes()).hexdigest()[:12]}"
        for file in sorted(folder.iterdir())
    }
