"""Pure: the questions that figures are about, by survey and question."""

from typing import NamedTuple

from contract.surveys import MAY_WE_CALL

UNHAPPY = frozenset({"bad", "very_bad", "negative", "no", *map(str, range(7))})
"""Answers of patients who were not looked after well, whatever the question; "no" to a wish to be called is none."""


class Question(NamedTuple):
    """Different ones are never put together."""

    survey: str
    question: str

    def __str__(self) -> str:
        return f"{self.survey}/{self.question}"

    @property
    def judges(self) -> bool:
        """Whether its answers say how something was; a wish to be called says nothing of that."""
        return self.question != MAY_WE_CALL.code
