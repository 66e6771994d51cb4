"""Reads the dictionaries of this folder, and those with which a clinic extends them; decides nothing.

A clinic's folder has files of the same names and headings, with only what is added.
"""

import tomllib
from pathlib import Path
from typing import Any

from hub.sms.interpreter.lexicon import Lexicon, lexicon

LANGUAGES = ("es", "ca", "ru", "en")
FOLDER = Path(__file__).parent
SHARED = "any"
"""What every language knows: emoji, and words that phones send all over the world."""


def lexicons(extension: Path | None = None) -> dict[str, Lexicon]:
    """A lexicon a language. BadPhrase, OSError or tomllib.TOMLDecodeError where a file cannot be used."""
    folders = [FOLDER, *([extension] if extension else [])]
    shared = [_read(folder / f"{SHARED}.toml") for folder in folders]
    return {
        language: lexicon(
            language, *shared, *(_read(folder / f"{language}.toml") for folder in folders)
        )
        for language in LANGUAGES
    }


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
