"""Which languages there are, and which one a visitor reads: their own choice first, then what the browser asks for.

The catalogues are compiled when the hub starts; `locales` holds one gettext file for each language.
"""

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from http.cookies import CookieError, SimpleCookie
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.core.texts import ENGLISH, Language, speaking

FOLDER = Path(__file__).parents[1] / "locales"
COOKIE = "wellheard-language"


class Languages:
    """The languages of the pages, by their code; the first is for whoever asks for none of them."""

    def __init__(self, known: Mapping[str, Language]) -> None:
        self.known = known

    def chosen(self, cookie: str | None, accepted: str) -> Language:
        """By the visitor's cookie, else by the header `Accept-Language`, else the first."""
        return self.first_known(cookie, *_by_preference(accepted))

    def first_known(self, *wanted: str | None) -> Language:
        """The first of these codes that is a language of ours, else the first of all."""
        found = (self.known[code] for code in wanted if code and code in self.known)
        return next(found, None) or next(iter(self.known.values()))


@cache
def read_languages(folder: Path = FOLDER) -> Languages:
    """English, and every language that has a catalogue; read once, for a process keeps its words."""
    found = {"en": ENGLISH}
    for path in sorted(folder.glob("*/messages.po")):
        code = path.parent.name
        found[code] = Language(code, Locale.parse(code), _compiled(path))
    return Languages(found)


class SpokenLanguage:
    """Middleware: everything that a request has written is in the language of who asked."""

    def __init__(self, app: ASGIApp, languages: Languages) -> None:
        self._app = app
        self._languages = languages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookie = cookie_value(headers.get("cookie", ""), COOKIE)
        with speaking(self._languages.chosen(cookie, headers.get("accept-language", ""))):
            await self._app(scope, receive, send)


def cookie_value(header: str, name: str) -> str | None:
    """One cookie of the header, if the header makes sense."""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return found.value if found else None


def _by_preference(accepted: str) -> list[str]:
    """Codes without their country, the most wanted first."""
    weighed = []
    for part in accepted[:500].split(","):
        code, _semicolon, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), code.strip().partition("-")[0].lower()))
        except ValueError:
            continue
    return [code for _, code in sorted(weighed, key=lambda pair: pair[0])]


def _compiled(path: Path) -> GNUTranslations:
    with path.open("rb") as file:
        catalogue = read_po(file)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
