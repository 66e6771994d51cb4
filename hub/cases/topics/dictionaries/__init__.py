"""Reads the dictionaries of topics and the example sentences; decides nothing."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.cases.topics.example import Example
from hub.cases.topics.lexicon import Lexicon, lexicon
from hub.cases.topics.taxonomy import Topic

LANGUAGES = ("es", "ca", "ru", "en")
_FOLDER = Path(__file__).parent
_EXAMPLES = _FOLDER.parent / "examples"


def lexicons() -> dict[str, Lexicon]:
    """A lexicon a language. BadPhrase, OSError or tomllib.TOMLDecodeError where a file cannot be used."""
    return {language: lexicon(_read(_FOLDER / f"{language}.toml")) for language in LANGUAGES}


def examples() -> Iterator[Example]:
    """The sentences that the classifier is trained with."""
    for language in LANGUAGES:
        for codes, texts in _read(_EXAMPLES / f"{language}.toml").items():
            topics = tuple(map(Topic, codes.split("/")))
            yield from (Example(language, text, topics) for text in texts)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
