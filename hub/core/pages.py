"""Server-rendered pages: where templates lie, how texts, times, numbers, icons and links are written in them.

Each slice keeps its templates in its own `pages` folder and names them `slice/page.html`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from hub.core import texts
from hub.core.clock import Clock
from hub.core.languages import Languages
from hub.core.static_files import StaticFiles

TEMPLATES = Path(__file__).parent / "pages"
THEME_COOKIE = "wellheard-theme"
THEMES = ("auto", "light", "dark")


class Pages:
    """Renders the templates of every slice."""

    def __init__(
        self, folders: Mapping[str, Path], languages: Languages, static: StaticFiles, clock: Clock
    ) -> None:
        loaders = {name: FileSystemLoader(folder) for name, folder in folders.items()}
        self._environment = Environment(
            loader=PrefixLoader({"core": FileSystemLoader(TEMPLATES), **loaders}),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]
            texts.gettext, texts.ngettext, newstyle=True
        )
        self._environment.filters |= {
            "ago": lambda at_ms, zone, style="": _ago(at_ms, clock.now_ms(), zone, style),
            "local_time": texts.moment,
            "clock_time": texts.clock_time,
            "day": texts.day,
            "number": texts.number,
            "rounded": texts.rounded,
            "lasting": texts.lasting,
            "signed": texts.signed,
            "hex_dump": hex_dump,
        }
        self._environment.globals |= {
            "static": static.address,
            "icon": lambda name: _icon(static, name),
            "languages": languages.known,
            "urlencode": urlencode,
            "weekdays": texts.weekdays,
        }

    def show(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """The page as an answer."""
        return HTMLResponse(self.render(request, template, **values), status, headers)

    def render(self, request: Request, template: str, **values: Any) -> str:
        """The text; a template sees `values`, the path, and the visitor where somebody is signed in."""
        theme = request.cookies.get(THEME_COOKIE, "auto")
        seen = {
            "path": request.url.path,
            "here": _here(request),
            "visitor": getattr(request.state, "visitor", None),
            "language": texts.spoken(),
            "theme": theme if theme in THEMES else "auto",
            "wallboard": request.query_params.get("wallboard") == "1",
        }
        return self._environment.get_template(template).render(seen | values)


def hex_dump(payload: bytes, width: int = 16) -> str:
    """Offset, bytes in hexadecimal, and what of them is printable ASCII."""
    lines = []
    for start in range(0, len(payload), width):
        row = payload[start : start + width]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{start:06x}  {row.hex(' '):<{width * 3}} {shown}")
    return "\n".join(lines)


def _ago(at_ms: int, now_ms: int, time_zone: str, style: str) -> Markup:
    """How long ago, kept fresh by `times.js`; exact on hover."""
    return Markup('<time class="{}" datetime="{}" title="{}" data-zone="{}">{}</time>').format(
        style,
        datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds"),
        texts.moment(at_ms, time_zone),
        time_zone,
        texts.ago(at_ms, now_ms, time_zone),
    )


def _icon(static: StaticFiles, name: str) -> Markup:
    """One of Tabler's icons; always beside a word, so that a screen reader leaves it out."""
    drawn = static.text(f"vendor/icons/{name}.svg")
    return Markup(drawn.replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S704 - a file of ours


def _here(request: Request) -> str:
    """Where to come back to; without what a stranger may have put behind `next`."""
    if not request.url.query or "next" in request.query_params:
        return request.url.path
    return f"{request.url.path}?{request.url.query}"
