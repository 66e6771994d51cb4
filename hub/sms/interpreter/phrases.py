"""Pure: the small language in which dictionaries write phrases, and finding them in a folded text.

    word        this word                      word*       any ending
    (a|b|c d)   one of these                   (a )?b      with or without; (a )*b: any number of times
    ' and -     an apostrophe, a hyphen, a space or nothing
    a ... b     up to three words between, within one clause; a .... b: up to seven
    a & b       both, in either order, with up to eight words or marks between
    #           a number in digits             #/#         a fraction

A phrase always begins and ends with whole words.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from hub.sms.interpreter.folding import fold

_ALLOWED = re.compile(r"(?:[^\W_]|[ '*()|?#/.,+@$☺♥-]|[^\w\s])+")
_SLASH = re.compile(r"(?<=[^\W\d])/(?=[^\W\d])")  # cut as a mark
_SYMBOLS = re.compile(
    r"(?P<both> & )|(?P<wide> \.{4} )|(?P<gap> \.{3} )|(?P<other>\)\*|.)", re.DOTALL
)
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
    " ": " ",
}
BOTH = " & "
_GAPS = {
    "gap": r" (?:[^\W_]+ ){0,3}?",
    "wide": r" (?:[^\W_]+ ){0,7}?",
    "both": r" (?:\S+ ){0,8}?",
}
LETTERS_OF_START = 2
ANY_START = "*"


class BadPhrase(ValueError):
    """A dictionary has a phrase that cannot be read; the sentence names it."""


def orders(phrase: str) -> tuple[str, ...]:
    """The phrase, and with `&` in it also the other way round."""
    first, both, second = phrase.partition(BOTH)
    return (phrase, f"{second}{BOTH}{first}") if both else (phrase,)


@lru_cache(
    maxsize=50_000
)  # what is heard in every language is written in one of them, and read there first
def expression(phrase: str) -> str:
    """The phrase as a regular expression over folded text."""
    folded = _SLASH.sub(" , ", fold(phrase).strip())
    if not _ALLOWED.fullmatch(folded):
        raise BadPhrase(f"“{phrase}” is empty or has a character that phrases do not know")
    source = "".join(
        _GAPS.get(found.lastgroup or "") or _MEANING.get(found["other"], re.escape(found["other"]))
        for found in _SYMBOLS.finditer(folded)
    )
    if source.replace(" ", "").isalnum():
        return source  # words alone, as most are
    try:
        re.compile(source)
    except re.error as error:
        raise BadPhrase(f"“{phrase}” cannot be read: {error}") from None
    return source


class Phrases:
    """The phrases of one topic in one language, or in several; expressions are compiled when first needed."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.written = tuple(dict.fromkeys(phrases))
        longest_first = sorted(self.written, key=len, reverse=True)
        self._sources = [expression(one) for phrase in longest_first for one in orders(phrase)]

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\S)(?:{'|'.join(self._sources) or '(?!)'})(?!\S)")

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for source in self._sources:
            for start in starts(source):
                found.setdefault(start, []).append(source)
        return found

    @cached_property
    def _compiled(self) -> dict[str, re.Pattern[str]]:
        return {}

    def longest(self, text: str, start: int) -> int:
        """Where the longest phrase that starts here ends; `start` itself when there is none."""
        end = start
        for key in (text[start : start + LETTERS_OF_START], ANY_START):
            for source in self._by_start.get(key, ()):
                compiled = self._compiled.get(source)
                if compiled is None:
                    compiled = self._compiled[source] = re.compile(rf"(?:{source})(?!\S)")
                if (found := compiled.match(text, start)) and found.end() > end:
                    end = found.end()
        return end

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where phrases stand in the text, from left to right, none over another."""
        return (found.span() for found in self._anywhere.finditer(text))

    def first(self, text: str) -> str | None:
        """The first words of the text that are one of the phrases."""
        found = self._anywhere.search(text)
        return found.group() if found else None

    def first_outside(self, text: str, *harmless: "Phrases") -> str | None:
        """The first words that are one of the phrases and not part of a harmless one."""
        found = list(self.spans(text))
        excused = [s for phrases in harmless for s in phrases.spans(text)] if found else []
        for start, end in found:
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


def starts(source: str) -> set[str]:
    """The first two characters of all that an expression may match; ANY_START where they are not certain."""
    found: set[str] = set()
    _collect(source, "", found)
    return found if ANY_START not in found else {ANY_START}


def _collect(rest: str, start: str, found: set[str]) -> None:
    if len(start) == LETTERS_OF_START:
        found.add(start)
    elif not rest:
        found.update((start, f"{start} "))
    elif rest.startswith("(?:"):
        close = _closing(rest)
        after = rest[close + 1 :]
        repeated = after[:1] in {"?", "*"}
        for one in _alternatives(rest[3:close]):
            _collect(one + after[repeated:], start, found)
        if repeated:
            _collect(after[1:], start, found)
    elif rest[0].isalnum() or rest[0] == " " or not rest[0].isascii():
        optional = rest[1:2] == "?"
        _collect(rest[1 + optional :], start + rest[0], found)
        if optional:
            _collect(rest[2:], start, found)
    else:
        found.add(ANY_START)


def _closing(source: str) -> int:
    depth = 0
    for index, character in enumerate(source):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return index
    return len(source)


def _alternatives(inside: str) -> list[str]:
    depth, found = 0, [""]
    for character in inside:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return found
