"""Pure: what the example sentences teach, and what the staff's corrections add to it.

Decides that a correction is both one more example, whose words count for its topics everywhere, and a
memory: a text that resembles it is drawn to the topics that a person chose, the more the closer it is.
Resemblance is the cosine of TF-IDF vectors to a high power, so unrelated texts feel nothing. Everything is
deterministic: the same examples and corrections in the same order give the same scores.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import snowballstemmer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import FeatureUnion, make_union

from hub.cases.topics.example import Example
from hub.cases.topics.taxonomy import Topic
from hub.sms.interpreter.folding import fold

_STEMMERS = {"es": "spanish", "ca": "catalan", "ru": "russian", "en": "english"}
_SMOOTHING = 0.3
_PULL = 3.0
"""How much one correction of the very same text adds; a strong phrase of the dictionary is worth 1."""
_LOCALITY = 6
"""The power of the cosine: at half resemblance 1/64 of the pull is left."""
_MOST_PULL = 30.0


class Learned:
    """A classifier over all languages, made by `learn`."""

    def __init__(
        self,
        features: FeatureUnion,
        classifier: ComplementNB,
        corrections: Sequence[Example],
    ) -> None:
        self._features = features
        self._classifier = classifier
        self._corrections = tuple(corrections)
        self._corrected = features.transform(corrections) if self._corrections else None

    def scores(self, language: str, text: str) -> Mapping[Topic, float]:
        """What speaks against each topic, as a log likelihood below the best one's 0; corrections above it."""
        vector = self._features.transform([Example(language, text, ())])
        likelihoods = self._classifier.predict_joint_log_proba(vector)[0]
        below = likelihoods - likelihoods.max()
        known = map(Topic, self._classifier.classes_)
        scores = dict(zip(known, below.tolist(), strict=True))
        for topic, pull in self._pulls(vector).items():
            scores[topic] = scores.get(topic, float(below.min())) + min(pull, _MOST_PULL)
        return scores

    def _pulls(self, vector: Any) -> Mapping[Topic, float]:
        pulls: dict[Topic, float] = {}
        if self._corrected is None:
            return pulls
        cosines = (self._corrected @ vector.T).toarray().ravel() / _SQUARED_LENGTH
        for correction, cosine in zip(self._corrections, cosines.tolist(), strict=True):
            for topic in correction.topics:
                pulls[topic] = pulls.get(topic, 0.0) + _PULL * cosine**_LOCALITY
        return pulls


def learn(examples: Iterable[Example], corrections: Iterable[Example] = ()) -> Learned:
    """Trains on the examples and the corrections; takes a second or two."""
    corrected = tuple(corrections)
    taught = [*examples, *corrected]
    features = make_union(
        TfidfVectorizer(analyzer=_stems, sublinear_tf=True),
        TfidfVectorizer(
            preprocessor=_folded, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True
        ),
    ).fit(taught)
    of_topics = [(example, topic) for example in taught for topic in example.topics]
    classifier = ComplementNB(alpha=_SMOOTHING).fit(
        features.transform([example for example, _ in of_topics]),
        np.array([topic.value for _, topic in of_topics]),
        sample_weight=[1 / len(example.topics) for example, _ in of_topics],
    )
    return Learned(features, classifier, corrected)


_SQUARED_LENGTH = 2.0  # of two vectors of length 1, one after the other


def _stems(example: Example) -> list[str]:
    words = _stemmer(example.language).stemWords(re.findall(r"\w+", _folded(example)))
    return [
        *words,
        *(f"{one} {next_one}" for one, next_one in zip(["^", *words], words, strict=False)),
    ]


def _folded(example: Example) -> str:
    return fold(example.text)


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(_STEMMERS[language])
