"""Taking a photograph with an answer, as those know it who hear answers. Pictures are others' affair, and so is memory
for them: nothing of the camera is imported here.
"""

from typing import Protocol

from contract.photographs import Policy
from edge.outbox import OnceStored


class Shutter(Protocol):
    """May be asked from any thread, and never waits."""

    def press(self, told: Policy) -> OnceStored | None:
        """Hold on to what the camera sees at this moment of an answer; None where nothing is to be photographed.

        `told` is the most that whoever answers has been told of, and has not declined. What is returned is to be called
        when the answer is durable; a picture whose answer was not stored is forgotten.
        """
        ...


NO_NOTICE = Policy.BLURRED
"""What may be photographed where no screen can say that a photograph is taken."""
