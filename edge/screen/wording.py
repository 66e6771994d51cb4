"""What the screen says, in each language: the files of `texts/`, one a language, all with the same keys."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts"
CONSENT_VERSION = "call-back-1"
"""Counts up whenever `form.consent` changes in any language."""


@dataclass(frozen=True)
class Wording:
    """One language. `text("answer.yes")` is a sentence; a key that does not exist is an error."""

    language: str
    name: str
    keys: tuple[str, ...]
    more: str
    sections: Mapping[str, Mapping[str, str]]

    def text(self, key: str) -> str:
        section, _, name = key.partition(".")
        return self.sections[section][name]

    @cached_property
    def all_keys(self) -> frozenset[str]:
        """Every key that `text` knows."""
        return frozenset(f"{s}.{name}" for s, texts in self.sections.items() for name in texts)


def languages() -> tuple[str, ...]:
    """The languages there are texts for."""
    return tuple(sorted(path.stem for path in TEXTS.glob("*.toml")))


def read_wording(language: str) -> Wording:
    """The texts of a language; OSError when there are none."""
    document: dict[str, Any] = tomllib.loads((TEXTS / f"{language}.toml").read_text("utf-8"))
    name, keys, more = document.pop("name"), tuple(document.pop("keys")), document.pop("more")
    return Wording(language, name, keys, more, document)
