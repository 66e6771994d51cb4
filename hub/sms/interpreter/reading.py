"""Pure: a text as one language reads it: tokens, with number words as numbers, and what phrases look at.

Decides whether a text makes more sense typed on another keyboard, in another script or with its spelling mended.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from hub.sms.interpreter.folding import fold, other_script, plain_letters, squeeze, unify_scripts
from hub.sms.interpreter.layouts import on_latin_keys, on_russian_keys, transcribed
from hub.sms.interpreter.lexicon import Lexicon
from hub.sms.interpreter.phrases import Phrases
from hub.sms.interpreter.spelling import Speller
from hub.sms.interpreter.tokens import UNSEEN, Kind, Token, cut, number

WORD = re.compile(r"[^\W\d_]+")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .*_-]{1,2}[^\W\d_]){2,}(?!\w)")
_LEET = re.compile(r"(?<![^\W_])[^\W\d_]{2,}[0134][^\W_]*(?![^\W_])")
_DIGITS_AS_LETTERS = str.maketrans("0134", "oiea")
_TRAILING_MARKS = " .,!?;:)"
_MOST_WORDS_TO_MEND = 3
_TENS = range(20, 100, 10)
_UNITS = range(1, 10)
_MULTIPLIERS = {100, 1000}
RUSSIAN = "ru"


@dataclass(frozen=True)
class Reading:
    """A text read with one lexicon."""

    written: str
    tokens: tuple[Token, ...]

    @cached_property
    def plain(self) -> str:
        """The tokens as phrases see them, with one space between."""
        return " ".join(token.plain for token in self.tokens)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        lengths = (len(token.plain) + 1 for token in self.tokens)
        return (0, *accumulate(lengths))

    def places(self, phrases: Phrases) -> Iterator[range]:
        """The tokens that phrases cover, from left to right."""
        for start, end in phrases.spans(self.plain):
            yield range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def phrase_at(self, index: int, phrases: Phrases) -> int:
        """How many tokens the longest phrase that starts at this token has."""
        start = self._starts[index]
        end = phrases.longest(self.plain, start)
        return bisect_left(self._starts, end) - index if end > start else 0

    @property
    def words(self) -> list[str]:
        """The words, without numbers and marks."""
        return [token.text for token in self.tokens if token.kind is Kind.WORD]

    @property
    def asks(self) -> bool:
        """Whether there is a question mark."""
        return any(token.kind is Kind.QUESTION for token in self.tokens)


class Reader:
    """Reads texts with the lexicons of all languages."""

    def __init__(self, lexicons: dict[str, Lexicon]) -> None:
        self._lexicons = lexicons
        self._spellers = {language: Speller(one) for language, one in lexicons.items()}

    def meant(self, text: str, language: str) -> str:
        """The folded text, typed on the right keyboard and with single letters put together."""
        folded = _LEET.sub(self._lettered, _SPACED.sub(self._together, fold(text)))
        known = self._lexicons[language].knows
        if all(map(known, WORD.findall(folded))):
            return folded
        for candidate, languages in self._candidates(text, language):
            words = WORD.findall(candidate)
            lexicons = [self._lexicons[one] for one in languages]
            if max(map(len, words), default=0) > 1 and any(
                all(map(one.knows, words)) for one in lexicons
            ):
                return candidate
        return folded

    def _candidates(self, text: str, language: str) -> Iterator[tuple[str, list[str]]]:
        bare = unify_scripts(text.strip().rstrip(_TRAILING_MARKS))
        cyrillic = any("\u0400" <= letter <= "\u04ff" for letter in bare)
        latin = [one for one in self._lexicons if one != RUSSIAN]
        there = RUSSIAN in self._lexicons
        if (shape := other_script(bare)) is not None:
            yield fold(shape), latin if cyrillic else [RUSSIAN] * there
        if not cyrillic and there:
            if language == RUSSIAN:
                for one in (
                    transcribed(plain_letters(bare)),
                    transcribed(bare.replace("ts", "t's")),
                ):
                    yield fold(one), [RUSSIAN]
            yield fold(on_russian_keys(bare)), [RUSSIAN]
        if cyrillic and not all(map(self._lexicons[RUSSIAN].knows, WORD.findall(fold(bare)))):
            yield fold(on_latin_keys(bare)), latin

    def _together(self, spaced: re.Match[str]) -> str:
        joined = squeeze("".join(WORD.findall(spaced.group())))
        known = any(one.knows(joined) for one in self._lexicons.values())
        return joined if known and len(joined) > 1 else spaced.group()

    def _lettered(self, word: re.Match[str]) -> str:
        letters = squeeze(word.group().translate(_DIGITS_AS_LETTERS))
        known = any(one.knows(letters) for one in self._lexicons.values())
        return letters if known else word.group()

    def read(self, meant: str, written: str, language: str) -> Reading:
        """The reading in one language; spelling is mended in short messages only."""
        tokens = cut(meant)
        mend = sum(token.kind is Kind.WORD for token in tokens) <= _MOST_WORDS_TO_MEND
        lexicon = self._lexicons[language]
        speller = self._spellers[language] if mend else None
        known = self._known_elsewhere(language)
        read = [_with_number(token, lexicon, speller, known) for token in tokens]
        return Reading(written, tuple(_composed(read, lexicon)))

    def _known_elsewhere(self, language: str) -> Callable[[str], bool]:
        others = [one for name, one in self._lexicons.items() if name != language]
        return lambda word: any(word in one.words for one in others)

    def best_language(self, meant: str, language: str) -> str:
        """The language that knows most of the words; the given one unless another knows more.

        Of words that all know, such as a yes, Cyrillic ones are Russian.
        """
        words = WORD.findall(meant)
        cyrillic = any("а" <= letter <= "я" for letter in meant)

        def known(name: str) -> tuple[int, bool, bool]:
            count = sum(map(self._lexicons[name].knows, words))
            return count, cyrillic and name == "ru", name == language

        return max(self._lexicons, key=known)


def _with_number(
    token: Token, lexicon: Lexicon, speller: Speller | None, known: Callable[[str], bool]
) -> Token:
    if token.kind is not Kind.WORD or token.plain == UNSEEN:
        return token
    word = token.text
    if speller and word not in lexicon.numbers:
        corrected = speller.correct(word)
        if corrected and not corrected.certain and known(word):
            corrected = None
        if corrected and corrected.word in lexicon.numbers and not corrected.certain:
            return Token(Kind.APPROXIMATE, word, UNSEEN, value=lexicon.numbers[corrected.word])
        word = corrected.word if corrected else word
    if word in lexicon.school_marks:
        return Token(Kind.APPROXIMATE, word, UNSEEN, value=lexicon.school_marks[word])
    if word not in lexicon.numbers:
        return Token(Kind.WORD, word, word)
    value = number(word, spelled=True, value=lexicon.numbers[word])
    if word in lexicon.pronouns:
        return Token(Kind.NUMBER, word, word, spelled=True, value=value.value)
    return value


def _composed(tokens: list[Token], lexicon: Lexicon) -> Iterator[Token]:
    """Number words that belong together as one: `veinte y uno`, `twenty one`, `one hundred`."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        after = index + 1
        if after < len(tokens) and tokens[after].text in lexicon.linking:
            after += 1
        value = _together(token, tokens[after]) if after < len(tokens) else None
        if value is None:
            yield token
            index += 1
        else:
            yield Token(Kind.NUMBER, token.text, str(value), spelled=True, value=value)
            index = after + 1


def _together(first: Token, second: Token) -> int | None:
    if not (first.spelled and second.spelled):
        return None
    if first.value in _TENS and second.value in _UNITS:
        return first.value + second.value
    if first.value in _UNITS and second.value in _MULTIPLIERS:
        return first.value * second.value
    return None
