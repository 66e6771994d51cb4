"""Pure: what every event of a conversation is."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from hub.sms.engine.session import Session


@dataclass(frozen=True)
class Event(ABC):
    """Something that happened; frozen, in the past tense."""

    @abstractmethod
    def apply(self, session: Session) -> Session:
        """The session afterwards."""
