"""The files of the page: our own in `web/`, and those of packages that the set-up put into `web/vendor/`."""

from pathlib import Path

WEB = Path(__file__).parent / "web"
KINDS = frozenset({".html", ".css", ".js", ".svg", ".woff2"})

_PICTURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


def web_file(name: str) -> Path | None:
    """The file of that name, or None; nothing outside the folder has a name."""
    path = (WEB / name).resolve()
    if not path.is_relative_to(WEB.resolve()) or path.suffix not in KINDS or not path.is_file():
        return None
    return path


def photograph_type(content: bytes) -> str | None:
    """The media type of a photograph by its first bytes; None for anything that is none."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _PICTURES if content.startswith(start)), None)
