"""Topics are suggested well enough for texts that nothing was trained with, whoever wrote them."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cases.topics.dictionaries import LANGUAGES, examples, lexicons
from hub.cases.topics.evaluation import BadCase, evaluate, example_of
from hub.cases.topics.example import Example
from hub.cases.topics.suggesting import Suggester
from hub.cases.topics.taxonomy import TAXONOMY, Topic

TEXTS = Path(__file__).parents[3] / "data" / "topics"


def cases(name: str) -> Iterator[Example]:
    with (TEXTS / name).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield example_of(row, LANGUAGES)


def best(suggester: Suggester, language: str, text: str) -> Topic:
    return suggester.suggest(language, text)[0].topic


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_known_texts_are_understood_in_every_language(
    suggester: Suggester, language: str
) -> None:
    for name, fewest in (("evaluation.csv", 50), ("oblique.csv", 40)):
        found = evaluate((c for c in cases(name) if c.language == language), suggester)
        assert found["total"] >= fewest
        assert found["top1"] >= 0.9, found["wrong"]
        assert found["top2"] >= 0.95


def test_no_text_of_the_evaluation_was_trained_with() -> None:
    trained = {example.text for example in examples()}
    assert [
        c for name in ("evaluation.csv", "oblique.csv") for c in cases(name) if c.text in trained
    ] == []


def test_every_topic_has_sixty_examples_and_every_language_some() -> None:
    topics = Counter(topic for example in examples() for topic in example.topics)
    assert min(topics[topic] for topic in Topic) >= 60
    for language in LANGUAGES:
        assert {t for e in examples() if e.language == language for t in e.topics} == set(Topic)


def test_a_complaint_denied_is_praise(suggester: Suggester) -> None:
    assert best(suggester, "es", "No tuve que esperar nada") is Topic.PRAISE
    assert best(suggester, "es", "Tuve que esperar mucho") is Topic.WAITING
    assert best(suggester, "ca", "No m'he hagut d'esperar gens") is Topic.PRAISE
    assert best(suggester, "ru", "Ждать не пришлось") is Topic.PRAISE
    assert best(suggester, "en", "I didn't have to wait") is Topic.PRAISE


def test_a_story_of_two_topics_gives_both(suggester: Suggester) -> None:
    story = (
        "Buenos días. Teníamos cita a las diez y nos hicieron esperar más de una hora en el pasillo. "
        "Cuando pregunté, la recepcionista me contestó de muy mala manera."
    )
    first_two = {one.topic for one in suggester.suggest("es", story)[:2]}
    assert first_two == {Topic.WAITING, Topic.RUDENESS}


def test_the_subtopic_is_that_of_what_was_said(suggester: Suggester) -> None:
    (first, *_) = suggester.suggest("en", "We are still waiting for the biopsy results")
    assert (first.topic, first.subtopic) == (Topic.WAITING, "for_results")


@given(language=st.sampled_from(LANGUAGES), text=st.text(max_size=200))
def test_any_text_gets_an_ordered_suggestion(
    suggester: Suggester, language: str, text: str
) -> None:
    suggested = suggester.suggest(language, text)
    scores = [one.score for one in suggested]
    assert len(suggested) >= 2
    assert scores == sorted(scores, reverse=True)
    assert 0 <= sum(scores) <= 1.001
    assert all(one.subtopic in {None, *TAXONOMY[one.topic].subtopics} for one in suggested)


def test_every_topic_and_subtopic_is_named_and_has_phrases() -> None:
    assert set(TAXONOMY) == set(Topic)
    for lexicon in lexicons().values():
        headings = {(topic, subtopic) for topic, subtopic, _, _ in lexicon.headings}
        expected = {(topic, code) for topic, names in TAXONOMY.items() for code in names.subtopics}
        assert expected <= headings


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"lang": "de", "text": "…", "topics": "waiting"}, "lang"),
        ({"lang": "es", "text": "…", "topics": "weather"}, "topics"),
        ({"lang": "es", "text": "…"}, "topics"),
    ],
)
def test_a_row_that_cannot_be_read_names_the_field(row: dict[str, str | None], field: str) -> None:
    with pytest.raises(BadCase, match=field):
        example_of(row, LANGUAGES)
