"""Pure: the small language in which dictionaries write phrases, and finding them in a folded text.

    word        this word                      word*       any ending
    (a|b|c d)   one of these                   (a )?b      with or without; (a )*b: any number of times
    ' and -     an apostrophe, a hyphen, a space or nothing
    a ... b     up to three words between, within one clause
    #           a number in digits             #/#         a fraction

A phrase always begins and ends with whole words.
"""

import re
from collections.abc import Iterable, Iterator

from hub.sms.interpreter.folding import fold

_ALLOWED = re.compile(r"[^\W_]|[ '*()|?#/.,+@$☺♥-]|[^\w\s]")
_SLASH = re.compile(r"(?<=[^\W\d])/(?=[^\W\d])")  # cut as a mark
_SYMBOLS = re.compile(r"(?P<gap> \.\.\. )|(?P<other>\)\*|.)", re.DOTALL)
_MEANING = {
    "*": r"\w*",
    "'": " ?",
    "-": " ?",
    "#": r"\d+",
    "(": "(?:",
    ")": ")",
    ")*": ")*",
    "|": "|",
    "?": "?",
}
_GAP = r" (?:[^\W_]+ ){0,3}?"
_MOST_LETTERS_OF_KEY = 2


class BadPhrase(ValueError):
    """A dictionary has a phrase that cannot be read; the sentence names it."""


def expression(phrase: str) -> str:
    """The phrase as a regular expression over folded text."""
    folded = _SLASH.sub(" , ", fold(phrase).strip())
    if not folded or not all(_ALLOWED.match(character) for character in folded):
        raise BadPhrase(f"“{phrase}” is empty or has a character that phrases do not know")
    source = "".join(
        _GAP if found["gap"] else _MEANING.get(found["other"], re.escape(found["other"]))
        for found in _SYMBOLS.finditer(folded)
    )
    try:
        re.compile(source)
    except re.error as error:
        raise BadPhrase(f"“{phrase}” cannot be read: {error}") from None
    return source


class Phrases:
    """The phrases of one topic in one language, or in several."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.written = tuple(dict.fromkeys(phrases))
        ordered = sorted(self.written, key=len, reverse=True)
        sources = [expression(phrase) for phrase in ordered]
        self._anywhere = re.compile(rf"(?<!\S)(?:{'|'.join(sources) or '(?!)'})(?!\S)")
        self._by_key: dict[str, list[re.Pattern[str]]] = {}
        for phrase, source in zip(ordered, sources, strict=True):
            compiled = re.compile(rf"(?:{source})(?!\S)")
            self._by_key.setdefault(_key(fold(phrase)), []).append(compiled)

    def __or__(self, other: "Phrases") -> "Phrases":
        return Phrases((*self.written, *other.written))

    def longest(self, text: str, start: int) -> int:
        """Where the longest phrase that starts here ends; `start` itself when there is none."""
        candidates = (
            *self._by_key.get(text[start : start + _MOST_LETTERS_OF_KEY], ()),
            *self._by_key.get("", ()),
        )
        ends = (found.end() for c in candidates if (found := c.match(text, start)))
        return max(ends, default=start)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where phrases stand in the text, from left to right, none over another."""
        return (found.span() for found in self._anywhere.finditer(text))

    def first(self, text: str) -> str | None:
        """The first words of the text that are one of the phrases."""
        found = self._anywhere.search(text)
        return found.group() if found else None

    def first_outside(self, text: str, harmless: "Phrases") -> str | None:
        """The first words that are one of the phrases and not part of a harmless one."""
        excused = list(harmless.spans(text))
        for start, end in self.spans(text):
            if not any(begin <= start and end <= stop for begin, stop in excused):
                return text[start:end]
        return None

    @property
    def words(self) -> frozenset[str]:
        """Every word spelled out in full."""
        return frozenset(
            word
            for phrase in self.written
            for word in re.findall(r"(?<![*\w])[^\W\d_]+(?![*\w(])", fold(phrase))
        )

    @property
    def stems(self) -> tuple[str, ...]:
        """Every beginning of a word that may have any ending."""
        return tuple({stem for p in self.written for stem in re.findall(r"(\w{3,})\*", fold(p))})


def _key(folded: str) -> str:
    """The first two letters, where they are the same for all that the phrase matches."""
    start = folded[:_MOST_LETTERS_OF_KEY]
    certain = start.isalnum() and not folded[_MOST_LETTERS_OF_KEY - 1 : 3].endswith("?")
    return start if certain and len(start) == _MOST_LETTERS_OF_KEY else ""
