"""What the page says was touched, as an event; anything that does not fit what is on the glass is None.

Decides nothing about phases: only whether the words are known, whether the answer belongs to the question that is
shown, and whether there can be such a telephone number.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from edge.screen import events
from edge.screen.flow import State
from edge.screen.telephone import international

COMMENT_LETTERS = 2000

_PLAIN: dict[str, events.Event] = {
    "touch": events.Touched(),
    "comment": events.CommentDone(),
    "back": events.WentBack(),
    "leave": events.Left(),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What can be touched at this moment."""

    state: State
    question: str | None
    people: Collection[str]
    languages: Collection[str]
    country: str
    can_be_lowered: bool
    is_photographed: bool


def understood(request: dict[str, Any], shown: Shown) -> events.Event | None:
    """The event that a request means."""
    match request:
        case {"do": str() as do} if do in _PLAIN:
            return _PLAIN[do]
        case {"do": "choose", "employee": str() | None as employee}:
            fits = employee in shown.people if shown.people else employee is None
            return events.Chosen(employee, str(uuid4())) if fits else None
        case {"do": "answer", "question": code, "value": str() | int() as value}:
            return events.Answered(value) if code == shown.question else None
        case {"do": "number" | "contact"}:
            return _form(request, shown)
    return _preference(request, shown)


def _form(request: dict[str, Any], shown: Shown) -> events.Event | None:
    match request:
        case {"do": "number", "phone": str() as typed}:
            return events.NumberOffered(international(typed, shown.country) is not None)
        case {"do": "contact", "phone": str() as typed, "comment": str() as comment}:
            phone = international(typed, shown.country)
            words = comment.replace("\0", "").strip()[:COMMENT_LETTERS]
            return events.ContactSent(phone, words) if phone else None
    return None


def _preference(request: dict[str, Any], shown: Shown) -> events.Event | None:
    match request:
        case {"do": "language", "language": code} if code in shown.languages:
            return events.Preferred(language=code)
        case {"do": "contrast"}:
            return events.Preferred(contrast=not shown.state.contrast)
        case {"do": "photograph"} if shown.is_photographed:
            return events.Preferred(unphotographed=not shown.state.unphotographed)
        case {"do": "low_reach"} if shown.can_be_lowered:
            return events.Preferred(low_reach=not shown.state.low_reach)
    return None
