"""Pure: finds the phrases of a language's dictionary in a text, and says which topics they speak for.

Decides what counts when phrases overlap: the longest does, so "no tuve que esperar" (praise) leaves nothing
of "esperar" (waiting), and a neutral phrase ("sala de espera") silences what it contains.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.cases.topics.taxonomy import TAXONOMY, Topic
from hub.sms.interpreter.folding import fold
from hub.sms.interpreter.phrases import BadPhrase, Phrases

NEUTRAL = "neutral"
HINTS = "hints"
ANY = "any"
_WEIGHT_OF_HINT = 0.35
_WORTH_OF_A_WORD = 0.2
_MOST_WORDS = 4
_TOKEN = re.compile(r"\d+/\d+|\w+|[^\w\s'-]")


@dataclass(frozen=True)
class Hit:
    """A phrase that was found at [start, end) of the folded text; a neutral one speaks for no topic."""

    start: int
    end: int
    topic: Topic | None
    subtopic: str | None
    weight: float
    words: int

    @property
    def worth(self) -> float:
        """A phrase of several words says more than one word."""
        return self.weight * (1 + _WORTH_OF_A_WORD * min(self.words - 1, _MOST_WORDS))


@dataclass(frozen=True)
class Lexicon:
    """The phrases of one language, by topic and subtopic."""

    headings: tuple[tuple[Topic | None, str | None, float, Phrases], ...]

    def hits(self, text: str) -> tuple[Hit, ...]:
        """What speaks for a topic, in a text as it was written."""
        folded = spaced(text)
        found = (
            Hit(start, end, topic, subtopic, weight, folded.count(" ", start, end) + 1)
            for topic, subtopic, weight, phrases in self.headings
            for start, end in phrases.spans(folded)
        )
        return tuple(_undisputed(found))


def _undisputed(hits: Iterator[Hit]) -> Iterator[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, -hit.weight)):
        if not any(hit.start < other.end and other.start < hit.end for other in kept):
            kept.append(hit)
    return (hit for hit in kept if hit.topic)


def spaced(text: str) -> str:
    """The folded text with every mark a word of its own, as phrases are matched."""
    return " ".join(_TOKEN.findall(fold(text)))


def lexicon(source: Mapping[str, Any]) -> Lexicon:
    """A lexicon from a parsed dictionary. BadPhrase where a heading or phrase is wrong."""
    headings: list[tuple[Topic | None, str | None, float, Phrases]] = [
        (None, None, 1.0, Phrases(source.get(NEUTRAL, ())))
    ]
    for code, entries in source.items():
        if code == NEUTRAL:
            continue
        topic = Topic(code)
        if unknown := set(entries) - {*TAXONOMY[topic].subtopics, HINTS, ANY}:
            raise BadPhrase(f"{code}: unknown heading {', '.join(sorted(unknown))}")
        for heading, phrases in entries.items():
            weight = _WEIGHT_OF_HINT if heading == HINTS else 1.0
            subtopic = None if heading in {HINTS, ANY} else heading
            headings.append((topic, subtopic, weight, Phrases(phrases)))
    return Lexicon(tuple(headings))
