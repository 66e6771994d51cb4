"""What the screen says in one language, pure. Reading the files of `texts/` is the affair of `languages`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Wording:
    """One language. `text("answer.yes")` is a sentence; a key that does not exist is an error."""

    language: str
    name: str
    keys: tuple[str, ...]
    more: str
    texts: Mapping[str, str]

    def text(self, key: str) -> str:
        return self.texts[key]

    def with_texts(self, texts: Mapping[str, str]) -> "Wording":
        """With some of them said otherwise."""
        return replace(self, texts={**self.texts, **texts})

    @property
    def all_keys(self) -> frozenset[str]:
        """Every key that `text` knows."""
        return frozenset(self.texts)
