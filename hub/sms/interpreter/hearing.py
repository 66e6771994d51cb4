"""Pure: danger and requests to stop, heard also in texts that are spelled as they sound, slipped, or in another script.

Decides which other spellings of a text are looked at when it has words that nobody knows. Only what protects is heard
in them: a false alarm costs less than one that is missed, and no answer is ever read from a guess.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from hub.sms.interpreter.folding import fold
from hub.sms.interpreter.layouts import on_russian_keys, transcribed
from hub.sms.interpreter.lexicon import Lexicon, Topic
from hub.sms.interpreter.phrases import Phrases
from hub.sms.interpreter.reading import RUSSIAN, Reading
from hub.sms.interpreter.spelling import SPOKEN, sound
from hub.sms.interpreter.tokens import cut

_PROTECTING = (
    Topic.DANGER, Topic.NO_DANGER, Topic.PAST_DANGER, Topic.NOW, Topic.STOP_REQUEST, Topic.NO_STOP,
)  # fmt: skip
LEAST_LETTERS = 4
"""Of a word that one slip may have hit; shorter ones are too near to others."""
_LATIN = re.compile("[a-z]")


@dataclass(frozen=True)
class Spelling:
    """A text as phrases see it, and the phrases that are looked for in it."""

    plain: str
    phrases: Mapping[Topic, Phrases]

    @property
    def danger(self) -> str | None:
        """The words that tell of danger to life; idioms are taken out, and what is only told of."""
        if not self.phrases[Topic.DANGER].first(self.plain):
            return None
        harmless = [self.phrases[Topic.NO_DANGER]]
        if not self.phrases[Topic.NOW].first(self.plain):
            harmless.append(self.phrases[Topic.PAST_DANGER])
        return self.phrases[Topic.DANGER].first_outside(self.plain, *harmless)

    @property
    def stop_request(self) -> str | None:
        """The words that ask to stop, however they are phrased."""
        return self.phrases[Topic.STOP_REQUEST].first_outside(
            self.plain, self.phrases[Topic.NO_STOP]
        )


class Hearing:
    """Spells a text in the ways that it may have been meant."""

    def __init__(
        self, lexicons: Mapping[str, Lexicon], everywhere: Mapping[Topic, Phrases]
    ) -> None:
        self._lexicons = tuple(lexicons.values())
        self._everywhere = everywhere
        self._russian = RUSSIAN in lexicons
        self._shorthand = {
            short: full for one in self._lexicons for short, full in one.shorthand.items()
        }
        spoken = [one for one in self._lexicons if one.language in SPOKEN]
        self._spoken = {
            topic: Phrases(sound(fold(phrase)) for one in spoken for phrase in one[topic].written)
            for topic in _PROTECTING
        }
        protecting = (everywhere[Topic.DANGER].words, everywhere[Topic.STOP_REQUEST].words)
        self._words = [w for w in frozenset().union(*protecting) if len(w) >= LEAST_LETTERS]

    def spellings(self, reading: Reading) -> Iterator[Spelling]:
        """As it is written, with shorthand in full; and, if a word is unknown, in every other way."""
        yield Spelling(reading.plain, self._everywhere)
        unknown = {word for word in reading.words if not self._knows(word)}
        if shorthand := self._in_full(reading):
            yield Spelling(shorthand, self._everywhere)
        if (spoken := sound(shorthand or reading.plain)) != reading.plain:
            yield Spelling(spoken, self._spoken)
        if not unknown:
            return
        mended = {word: self._mended(word) for word in unknown if len(word) >= LEAST_LETTERS}
        if any(mended.values()):
            words = (mended.get(word) or word for word in reading.plain.split())
            yield Spelling(" ".join(words), self._everywhere)
        if self._russian and _LATIN.search(reading.plain):
            yield Spelling(fold(transcribed(reading.plain)), self._everywhere)
            typed = cut(fold(on_russian_keys(reading.written)))
            yield Spelling(" ".join(token.plain for token in typed), self._everywhere)

    def _in_full(self, reading: Reading) -> str | None:
        words = reading.plain.split()
        full = [self._shorthand.get(word, word) for word in words]
        return " ".join(full) if full != words else None

    def _knows(self, word: str) -> bool:
        return any(one.knows(word) for one in self._lexicons)

    def _mended(self, word: str) -> str | None:
        near = process.extractOne(word, self._words, scorer=OSA.distance, score_cutoff=1)
        return near[0] if near else None
