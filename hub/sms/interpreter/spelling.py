"""Pure: words that are spelled as they sound, or with one slip of the finger.

Decides when a misspelled word is as good as the right one (`nuebe`) and when it is only probably it. A word that
means something of its own is never corrected; nor is a word that opts in again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from hub.sms.interpreter.folding import fold, squeeze
from hub.sms.interpreter.lexicon import Lexicon, Topic

LEAST_LETTERS = {Topic.STOP_WORD: 4, Topic.COURTESY: 6, Topic.YES: 6, Topic.NO: 6, Topic.SKIPS: 6}
"""Of a word that one slip may have hit; shorter ones are too near to others."""
LEAST_LETTERS_OF_NUMBER = 4
_STOP = "stop"
"""What all stop words mean."""

# How Spanish and Catalan sound: h is silent, b and v, ll and y, c, z and s are one to many speakers.
_SOUNDS = (
    (r"ch", "x"), (r"h", ""), (r"v", "b"), (r"c(?=[ei])|z|ç|ss", "s"), (r"qu|q|c", "k"),
    (r"ll|y", "i"), (r"g(?=[ei])", "j"),
)  # fmt: skip
SPOKEN = ("es", "ca")


@dataclass(frozen=True)
class Corrected:
    """The word that was meant, and whether that is certain."""

    word: str
    certain: bool


def sound(word: str) -> str:
    """The word as it is spoken in Spain."""
    for written, spoken in _SOUNDS:
        word = re.sub(written, spoken, word)
    return squeeze(word)


class Speller:
    """Finds the word of a lexicon's numbers, stop words and plain answers that another is meant to be."""

    def __init__(self, lexicon: Lexicon) -> None:
        numbers = [word for word in lexicon.numbers if len(word) >= LEAST_LETTERS_OF_NUMBER]
        answers = [
            fold(phrase)
            for topic, least in LEAST_LETTERS.items()
            for phrase in lexicon[topic].written
            if len(phrase) >= least and phrase.isalpha()
        ]
        self._lexicon = lexicon
        self._stops = frozenset(map(fold, lexicon[Topic.STOP_WORD].written))
        self._words = tuple(dict.fromkeys((*numbers, *answers)))
        by_sound = lexicon.language in SPOKEN
        self._sounds = _unambiguous((sound(w), w) for w in self._words if by_sound)

    def correct(self, word: str) -> Corrected | None:
        """What was meant; None for a word that is known, or near to none or to several."""
        if self._lexicon.knows(word):
            return None
        if spoken := self._sounds.get(sound(word)):
            return Corrected(spoken, certain=True)
        if len(word) < LEAST_LETTERS_OF_NUMBER:
            return None
        near = [w for w in self._words if OSA.distance(word, w, score_cutoff=1) <= 1]
        meanings = {self._lexicon.numbers.get(w, _STOP if w in self._stops else w) for w in near}
        return Corrected(near[0], certain=False) if len(meanings) == 1 else None


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for sounded, word in pairs:
        found.setdefault(sounded, set()).add(word)
    return {sounded: words.pop() for sounded, words in found.items() if len(words) == 1}
