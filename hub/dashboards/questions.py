"""Which of the questions that were answered each figure is about. Different questions are never put together.

A question is known by its answers: numbers from 0 to 10, a recommendation, or a mood. Of several of a kind the one
with the most answers is meant; the others are asked for by their own pages.
"""

from collections.abc import Mapping

from hub.feedback.figures.measures import NEGATIVE, POSITIVE, Tally
from hub.feedback.questions import Question

RECOMMENDATIONS = frozenset({"yes", "no", "hard_to_say"})
SCORES = frozenset(str(score) for score in range(11))
MOODS = (POSITIVE | NEGATIVE | {"neutral", "so_so"}) - RECOMMENDATIONS


def most_asked(asked: Mapping[Question, Tally], values: frozenset[str]) -> Question | None:
    """The question with the most answers of this kind; None where there is none."""
    return next(iter(by_answers(asked, values)), None)


def by_answers(asked: Mapping[Question, Tally], values: frozenset[str]) -> list[Question]:
    """The questions with answers of this kind, the most answered first."""
    counts = {question: tally.of(values) for question, tally in asked.items()}
    fitting = [question for question, count in counts.items() if count]
    return sorted(fitting, key=lambda question: (-counts[question], question))
