"""Pure: a text as words with their places, and how words stand to each other.

Decides what is a word, where a sentence begins, and whether a capital letter means something: in a text
that shouts it does not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hub.cases.topics.known_names import plain

_TOKEN = re.compile(r"(?:O['’]|Mc|Mac)[A-Z][^\W\d_]+|[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?…:;\n«“\"(¡¿•–—]\s*$")
_SHARE_OF_CAPITALS = 0.7
_FEWEST_LETTERS_TO_SHOUT = 5
_JOINTS = frozenset([" ", "  ", "-"])
_INITIAL = r"[A-ZÀ-ÝА-ЯЁ]\."
_INITIALS_BEFORE = re.compile(rf"(?<!\w)(?:{_INITIAL}\s?){{1,2}}$")
_INITIALS_AFTER = re.compile(rf"\s?{_INITIAL}\s?{_INITIAL}")


@dataclass(frozen=True)
class Word:
    """A word at [start, end); `capital` is meant as one, and not the whole text in capitals."""

    text: str
    start: int
    end: int
    begins_sentence: bool
    capital: bool

    @property
    def plain(self) -> str:
        """Small letters without accents."""
        return plain(self.text)


@dataclass(frozen=True)
class Written:
    """A text and its words."""

    text: str
    words: Sequence[Word]

    def next_to(self, i: int) -> Word | None:
        """The word after word `i`, with nothing but a space or hyphen between."""
        return (
            self.words[i + 1] if i + 1 < len(self.words) and self._between(i) in _JOINTS else None
        )

    def before(self, i: int) -> Word | None:
        """The word before word `i`, with no more between."""
        return self.words[i - 1] if i and self._between(i - 1) in _JOINTS else None

    def title_before(self, i: int) -> Word | None:
        """The word before word `i`, which may be an abbreviation with its dot."""
        return self.words[i - 1] if i and self._between(i - 1) in {*_JOINTS, ". ", "."} else None

    def _between(self, i: int) -> str:
        return self.text[self.words[i].end : self.words[i + 1].start]

    def initials_start(self, i: int) -> int:
        """Where initials before word `i` begin; the word's own start when there are none."""
        found = _INITIALS_BEFORE.search(self.text[: self.words[i].start])
        return found.start() if found else self.words[i].start

    def initials_end(self, i: int) -> int:
        """Where two initials after word `i` end; the word's own end when there are none."""
        found = _INITIALS_AFTER.match(self.text, self.words[i].end)
        return found.end() if found else self.words[i].end

    def has_initials(self, i: int) -> bool:
        """Whether initials stand beside word `i`."""
        word = self.words[i]
        return self.initials_start(i) < word.start or self.initials_end(i) > word.end


def written(text: str) -> Written:
    """The text cut into words."""
    letters = [letter for letter in text if letter.isalpha()]
    shouts = len(letters) >= _FEWEST_LETTERS_TO_SHOUT and (
        sum(map(str.isupper, letters)) >= _SHARE_OF_CAPITALS * len(letters)
    )
    words = []
    for match in _TOKEN.finditer(text):
        before = text[: match.start()]
        begins = not before.strip() or bool(_SENTENCE_END.search(before))
        capital = match.group()[0].isupper() and not shouts
        words.append(Word(match.group(), match.start(), match.end(), begins, capital))
    return Written(text, words)


def tokens(text: str) -> list[str]:
    """The words only."""
    return _TOKEN.findall(text)
