"""Pure: the states of a conversation, the interpretations of a reply, and the result that carries one.

Decides only the spelling; `interpreter.py` decides which of them a reply gets.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a conversation stands when a reply comes in."""

    INVITED = "INVITED"
    AWAIT_SCORE = "AWAIT_SCORE"
    AWAIT_REASON = "AWAIT_REASON"
    AWAIT_CALL_CONSENT = "AWAIT_CALL_CONSENT"
    COMPLETED = "COMPLETED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    OPTED_OUT = "OPTED_OUT"
    NO_SESSION = "NO_SESSION"
    DEMO_OPEN = "DEMO_OPEN"
    REMINDER = "REMINDER"
    TWO_OPEN = "TWO_OPEN"


class Label(StrEnum):
    """One step of an interpretation; several are joined by `+`, a score follows a colon."""

    YES = "YES"
    NO = "NO"
    SCORE = "SCORE"
    CONFIRM = "CONFIRM"
    REASK = "REASK"
    REASK_RANGE = "REASK_RANGE"
    SKIP = "SKIP"
    TEXT = "TEXT"
    OPT_OUT = "OPT_OUT"
    OPT_IN = "OPT_IN"
    HELP = "HELP"
    WRONG_PERSON = "WRONG_PERSON"
    CALLBACK_REQUEST = "CALLBACK_REQUEST"
    ESCALATE_URGENT = "ESCALATE_URGENT"
    ESCALATE_HUMAN = "ESCALATE_HUMAN"
    IGNORE_AUTOREPLY = "IGNORE_AUTOREPLY"
    DUPLICATE = "DUPLICATE"
    LATE = "LATE"
    NOOP = "NOOP"
    NOOP_HELP = "NOOP_HELP"
    ROUTE_AGENT = "ROUTE_AGENT"
    CONFIRM_APPT = "CONFIRM_APPT"
    CANCEL_APPT = "CANCEL_APPT"
    ASK_WHICH = "ASK_WHICH"
    SCORE_PENDING = "SCORE_PENDING"
    TEXT_PENDING = "TEXT_PENDING"
    TEXT_TO_CASE = "TEXT_TO_CASE"


@dataclass(frozen=True)
class Interpretation:
    """What a reply means, as `SCORE:9+TEXT`, and the reason in one English clause."""

    label: str
    why: str

    @property
    def labels(self) -> frozenset[Label]:
        """The single labels, without what follows a colon."""
        return frozenset(Label(part.partition(":")[0]) for part in self.label.split("+"))

    @property
    def score(self) -> int | None:
        """The integer to store, 0 to 10; None unless the patient clearly said one."""
        return self._after(Label.SCORE)

    @property
    def proposed(self) -> int | None:
        """The integer to propose and to store only after a yes."""
        return self._after(Label.CONFIRM)

    def _after(self, label: Label) -> int | None:
        for part in self.label.split("+"):
            name, _, value = part.partition(":")
            if name == label and value.isdecimal():
                return int(value)
        return None


def joined(*parts: str | None) -> str:
    """Those parts that are there, each once, with `+` between."""
    return "+".join(dict.fromkeys(filter(None, parts)))
