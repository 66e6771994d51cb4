"""What the staff correct is suggested so from then on, and other texts stay as they were."""

from functools import cache
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.cases.topics.dictionaries import examples, lexicons
from hub.cases.topics.example import Example
from hub.cases.topics.learned import learn
from hub.cases.topics.suggesting import Suggester
from hub.cases.topics.taxonomy import Topic

dictionaries = cache(lexicons)
TAUGHT = tuple(islice(examples(), 0, None, 5))
TEXTS = [
    ("es", "La recepcionista me contestó a gritos delante de todos"),
    ("ca", "El lavabo no tenia paper ni sabó"),
    ("ru", "Ждали приема два часа под дверью"),
    ("en", "Nobody picks up the phone at your clinic"),
]
UNRELATED = [
    ("es", "Muy caro para tan poca cosa"),
    ("ca", "Tot perfecte, moltes gràcies"),
    ("ru", "Не дали рецепт на лекарство"),
    ("en", "No ramp for wheelchairs at the entrance"),
]


@pytest.fixture(scope="module")
def before() -> Suggester:
    return Suggester(dictionaries(), learn(TAUGHT))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=st.sampled_from(TEXTS), chosen=st.sampled_from(Topic))
def test_a_repeated_correction_is_followed_and_unrelated_texts_hardly_change(
    before: Suggester, case: tuple[str, str], chosen: Topic
) -> None:
    language, text = case
    after = Suggester(dictionaries(), learn(TAUGHT, [Example(language, text, (chosen,))] * 5))
    assert after.suggest(language, text)[0].topic is chosen
    for other_language, other in UNRELATED:
        was = before.suggest(other_language, other)[0]
        now = after.suggest(other_language, other)[0]
        assert now.topic is was.topic
        assert now.score == pytest.approx(was.score, abs=0.15)


def test_a_correction_is_followed_in_similar_words_too() -> None:
    correction = Example(
        "es", "No funciona el torno de la entrada principal", (Topic.ACCESSIBILITY,)
    )
    after = Suggester(dictionaries(), learn(TAUGHT, [correction] * 5))
    similar = after.suggest("es", "no funciona el torno de la entrada")
    assert similar[0].topic is Topic.ACCESSIBILITY


def test_learning_is_deterministic(before: Suggester) -> None:
    again = Suggester(dictionaries(), learn(TAUGHT))
    assert [again.suggest(*case) for case in TEXTS] == [before.suggest(*case) for case in TEXTS]
