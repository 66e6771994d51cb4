"""Pure: the questions that figures are about, by survey and question."""

from typing import NamedTuple

from contract.surveys import MAY_WE_CALL


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
