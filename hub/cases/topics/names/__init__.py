"""Reads the lists of names of this folder; decides nothing."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from hub.cases.topics.dictionaries import examples
from hub.cases.topics.known_names import Beside, KnownNames, Listed, known_names

_FOLDER = Path(__file__).parent
_ALSO_A_WORD = "~"


def listed_names() -> KnownNames:
    """All given names and surnames, and the words that the example sentences write small."""
    beside = tomllib.loads((_FOLDER / "beside.toml").read_text("utf-8"))
    return known_names(
        _listed("es", "ca", "en"),
        _listed("ru"),
        _listed("surnames"),
        _entries("surnames_ru"),
        Beside(**{heading: frozenset(words.split()) for heading, words in beside.items()}),
        sentences=(example.text for example in examples()),
    )


def _listed(*files: str) -> Listed:
    entries = [entry for file in files for entry in _entries(file)]
    doubtful = [entry[:-1] for entry in entries if entry.endswith(_ALSO_A_WORD)]
    return Listed([entry for entry in entries if not entry.endswith(_ALSO_A_WORD)], doubtful)


def _entries(file: str) -> Iterator[str]:
    for line in (_FOLDER / f"{file}.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield from line.split()
