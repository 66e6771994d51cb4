"""Pure: which topics a text is about, best first.

Decides how the two witnesses are weighed: the dictionary's phrases, which are sure but do not know every
turn of speech, and what was learned from examples and corrections, which knows a little of everything.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.cases.topics.learned import Learned
from hub.cases.topics.lexicon import Hit, Lexicon
from hub.cases.topics.taxonomy import Topic

_WEIGHT_OF_LEARNED = 0.35
_SHARPNESS = 2.0
_WORTH_SHOWING = 0.05
_ALWAYS_SHOWN = 2
_OTHER_BESIDE_A_TOPIC = 0.2


@dataclass(frozen=True)
class Suggestion:
    """A topic with its likeliest subtopic; the scores of all topics add up to 1."""

    topic: Topic
    subtopic: str | None
    score: float


class Suggester:
    """Suggests topics in every language that it has a dictionary of."""

    def __init__(self, lexicons: Mapping[str, Lexicon], learned: Learned) -> None:
        self._lexicons = lexicons
        self._learned = learned

    def suggest(self, language: str, text: str) -> tuple[Suggestion, ...]:
        """The best two topics, and others that are worth showing. KeyError for a language that is unknown."""
        hits = self._lexicons[language].hits(text)
        evidence = _evidence(hits)
        learned = self._learned.scores(language, text)
        strengths = {
            topic: evidence.get(topic, 0.0) + _WEIGHT_OF_LEARNED * learned[topic]
            for topic in learned
        }
        likely = sorted(_shares(strengths).items(), key=lambda item: -item[1])
        return tuple(
            Suggestion(topic, _subtopic(topic, hits), round(share, 4))
            for place, (topic, share) in enumerate(likely)
            if place < _ALWAYS_SHOWN or share >= _WORTH_SHOWING
        )


def _evidence(hits: Iterable[Hit]) -> Mapping[Topic, float]:
    evidence: dict[Topic, float] = {}
    for hit in hits:
        if hit.topic:
            evidence[hit.topic] = evidence.get(hit.topic, 0.0) + hit.worth
    if any(strength >= 1 for topic, strength in evidence.items() if topic is not Topic.OTHER):
        # A greeting before a complaint is no topic of its own.
        evidence[Topic.OTHER] = evidence.get(Topic.OTHER, 0.0) * _OTHER_BESIDE_A_TOPIC
    return evidence


def _shares(strengths: Mapping[Topic, float]) -> Mapping[Topic, float]:
    most = max(strengths.values())
    powers = {t: math.exp(_SHARPNESS * (strength - most)) for t, strength in strengths.items()}
    total = sum(powers.values())
    return {topic: power / total for topic, power in powers.items()}


def _subtopic(topic: Topic, hits: Iterable[Hit]) -> str | None:
    worth: dict[str, float] = {}
    for hit in hits:
        if hit.topic is topic and hit.subtopic:
            worth[hit.subtopic] = worth.get(hit.subtopic, 0.0) + hit.worth
    return max(worth, key=lambda subtopic: worth[subtopic], default=None)
