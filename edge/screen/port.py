"""The touch screen as the agent knows it, where a press of a panel may answer the question on the screen."""

from dataclasses import dataclass
from typing import Protocol

from contract.photographs import Policy


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose visit a press belongs to, and of whom it speaks."""

    visit: str
    employee: str | None
    shift: str | None


class Questions(Protocol):
    """What is being asked on the screen."""

    def heard(self, panel: str, button: int) -> bool:
        """A button was pressed; whether it was staff who try the buttons out."""
        ...

    def claim(self, survey: str, question: str, value: int | str) -> Claim | None:
        """The claim of a press with this meaning, if it answers what is asked now; it must be settled."""
        ...

    def may_photograph(self) -> Policy:
        """The most that whoever stands at the screen has been told of, and has not declined."""
        ...

    def settle(self, visit: str, *, stored: bool) -> None:
        """A claimed press was stored, or could not be."""
        ...
