"""The surveys that every terminal can ask: the base express survey, faces, and the 0 to 10 of the NPS.

Decides the codes under which answers are stored and which answers lead to the offer of a call. The words are in
`wording`, or the clinic's own. A question about the clinic never has the code of one about a specialist: different
questions are not pooled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Value = int | str
Look = Literal["words", "faces", "numbers"]
Mode = Literal["express", "smileys4", "smileys5", "nps"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `look` says how its answers are drawn."""

    code: str
    answers: tuple[Value, ...]
    look: Look

    @property
    def wording(self) -> str:
        """The key of its words."""
        return f"question.{self.code}"


@dataclass(frozen=True, slots=True)
class Survey:
    """A first question, about a specialist or about the clinic, and the answers after which a call is offered."""

    code: str
    of_specialist: Question
    of_clinic: Question
    offers_call: frozenset[Value]
    version: int = 1
    """Of its words."""

    def first(self, employee: str | None) -> Question:
        """The question that is asked, with or without a specialist chosen."""
        return self.of_clinic if employee is None else self.of_specialist


MAY_WE_CALL = Question("may_we_call", ("yes", "no"), "words")

_WORDS: tuple[Value, ...] = ("yes", "no", "hard_to_say")
_FOUR: tuple[Value, ...] = ("very_good", "good", "bad", "very_bad")
_FIVE: tuple[Value, ...] = ("very_good", "good", "so_so", "bad", "very_bad")
_SCORES: tuple[Value, ...] = tuple(range(11))


def _faces(survey: str, answers: tuple[Value, ...]) -> Survey:
    question = Question("how_was_it", answers, "faces")
    return Survey(survey, question, question, frozenset({"bad", "very_bad"}))


SURVEYS: Mapping[Mode, Survey] = {
    "express": Survey(
        "express",
        Question("recommend", _WORDS, "words"),
        Question("recommend_clinic", _WORDS, "words"),
        frozenset({"no"}),
    ),
    "smileys4": _faces("visit", _FOUR),
    "smileys5": _faces("visit_five", _FIVE),
    "nps": Survey(
        "nps",
        Question("recommend_score", _SCORES, "numbers"),
        Question("recommend_clinic_score", _SCORES, "numbers"),
        frozenset(range(7)),
    ),
}


def wording_keys(mode: Mode) -> tuple[str, ...]:
    """The words of a survey of this kind that a clinic may choose, in the order in which patients meet them."""
    survey = SURVEYS[mode]
    questions = dict.fromkeys((survey.of_specialist.wording, survey.of_clinic.wording))
    spoken = ("thanks.answered", "thanks.declined", "form.consent", "thanks.contact")
    return (*questions, MAY_WE_CALL.wording, *spoken)
