"""What the screen can ask, pure: the base express survey, faces, and the 0 to 10 of the NPS.

Decides the codes under which answers are stored and which answers lead to the offer of a call. Words are in `texts/`.
A question about the clinic never has the code of one about a specialist: different questions are not pooled.
"""

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


@dataclass(frozen=True, slots=True)
class Survey:
    """A first question, about a specialist or about the clinic, and the answers after which a call is offered."""

    code: str
    of_specialist: Question
    of_clinic: Question
    offers_call: frozenset[Value]

    def first(self, employee: str | None) -> Question:
        """The question that is asked, with or without a specialist chosen."""
        return self.of_clinic if employee is None else self.of_specialist


MAY_WE_CALL = Question("may_we_call", ("yes", "no"), "words")

_WORDS: tuple[Value, ...] = ("yes", "no", "hard_to_say")
_FOUR: tuple[Value, ...] = ("very_good", "good", "bad", "very_bad")
_FIVE: tuple[Value, ...] = ("very_good", "good", "so_so", "bad", "very_bad")
_SCORES: tuple[Value, ...] = tuple(range(11))


def fits(mode: Mode, *, small: bool) -> bool:
    """Whether all answers of a mode have room on the panel: five faces with words need more than 7 inches."""
    return not (small and mode == "smileys5")


def _faces(survey: str, answers: tuple[Value, ...]) -> Survey:
    question = Question("how_was_it", answers, "faces")
    return Survey(survey, question, question, frozenset({"bad", "very_bad"}))


SURVEYS: dict[Mode, Survey] = {
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
