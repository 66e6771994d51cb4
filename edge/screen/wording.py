"""What the screen says in one language, pure. Reading the files of `texts/` is the affair of `languages`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

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
