"""The patient's way through the screen, pure: an event in, the next state and what is to be stored out.

Decides phases, time-outs and when something may be thanked for: never before it is stored. It holds no telephone and
no comment; those pass through in one event and leave in one effect. Drawing, storing and the clock are others' affair.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from contract.surveys import MAY_WE_CALL, Question, Survey, Value
from edge.screen.events import (
    Answered,
    Approached,
    Chosen,
    Claimed,
    CommentDone,
    ContactSent,
    Effect,
    Event,
    Left,
    NotStored,
    NumberOffered,
    Preferred,
    StoreAnswer,
    StoreContact,
    Stored,
    Ticked,
    Touched,
    WentBack,
)

SHOWN_SELECTED_MS = 700
"""The framed photograph is seen by itself before the answers appear, so that a second tap hits none of them."""
CODE_MS = 20_000
"""Of thanks with a code, which somebody may want to write down; a touch does not end them sooner."""
LIVELY_MS = 4_000
"""The invitation calms down this long after somebody was last seen near."""
SETTLED_MS = 500
"""New answers take no touch before this: a trembling finger that answered twice has answered once."""
WARNED_MS = {"question": 8_000, "form": 20_000}
"""How long before the end the screen says that it is about to close."""


@dataclass(frozen=True, slots=True)
class Timings:
    """How long the screen waits for the next touch, in milliseconds."""

    question_ms: int = 20_000
    form_ms: int = 60_000
    thanks_ms: int = 4_000


class Phase(StrEnum):
    WAITING = "waiting"
    SELECTED = "selected"
    QUESTION_1 = "question_1"
    QUESTION_2 = "question_2"
    CONTACT = "contact"
    THANKS = "thanks"


class Step(StrEnum):
    """The pages of the form: one thing on the screen at a time."""

    NUMBER = "number"
    COMMENT = "comment"
    CONSENT = "consent"


Outcome = Literal["answered", "declined", "contact"]
Trouble = Literal["not_stored", "number"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What this terminal asks, and in which language it waits."""

    survey: Survey
    languages: tuple[str, ...]
    timings: Timings = Timings()


@dataclass(frozen=True, slots=True)
class State:
    """Where one person is. `storing` is what is on its way to the disk; nothing else is accepted meanwhile."""

    language: str
    phase: Phase = Phase.WAITING
    step: Step = Step.NUMBER
    visit: str | None = None
    employee: str | None = None
    since_ms: int = 0
    ends_ms: int | None = None
    storing: Value | None = None
    trouble: Trouble | None = None
    outcome: Outcome | None = None
    contrast: bool = False
    low_reach: bool = False
    lively_until_ms: int | None = None
    timings: Timings = Timings()
    unphotographed: bool = False
    """The patient declined to be photographed."""


Next = tuple[State, list[Effect]]


def waiting(terms: Terms) -> State:
    """Nobody is there; nothing is left of whoever was."""
    return State(language=terms.languages[0], timings=terms.timings)


def is_nobody_there(state: State) -> bool:
    """Whether nobody has touched anything; who only changed the language is still there."""
    return state.phase is Phase.WAITING and state.ends_ms is None


def is_lively(state: State, now_ms: int) -> bool:
    """Whether the invitation speaks to somebody who has just come."""
    until_ms = state.lively_until_ms
    return state.phase is Phase.WAITING and until_ms is not None and now_ms < until_ms


def question(state: State, terms: Terms) -> Question | None:
    """What is being asked now."""
    if state.phase in (Phase.SELECTED, Phase.QUESTION_1):
        return terms.survey.first(state.employee)
    return MAY_WE_CALL if state.phase is Phase.QUESTION_2 else None


def warned(state: State, now_ms: int) -> int | None:
    """Seconds left, once it is time to say so."""
    kind = "form" if state.phase is Phase.CONTACT else "question"
    asking = state.phase in (Phase.QUESTION_1, Phase.QUESTION_2, Phase.CONTACT)
    if not asking or state.ends_ms is None or state.ends_ms - now_ms > WARNED_MS[kind]:
        return None
    return max(0, -(-(state.ends_ms - now_ms) // 1000))


def step(state: State, event: Event, now_ms: int, terms: Terms) -> Next:
    """The state after an event, and what has to be stored because of it."""
    match event:
        case Ticked():
            return _tick(state, now_ms, terms), []
        case Stored(visit) | NotStored(visit):
            if state.storing is None or visit != state.visit:
                return state, []  # of somebody who has left
            stored = isinstance(event, Stored)
            return (_after_stored(state, now_ms, terms) if stored else _refused(state, now_ms)), []
        case Approached() | Preferred():
            wish = event if isinstance(event, Preferred) else None
            return (_prefer(state, wish, now_ms) if wish else _greet(state, now_ms)), []
    if state.storing is not None:
        return _alive(state, now_ms), []
    return _heed(state, event, now_ms, terms)


def _greet(state: State, now_ms: int) -> State:
    return replace(state, lively_until_ms=now_ms + LIVELY_MS)


def _heed(state: State, event: Event, now_ms: int, terms: Terms) -> Next:
    """What the patient wants, while nothing is on its way to the disk."""
    match event:
        case Touched():  # what went wrong has been read, and may not cover what is touched next
            return _alive(replace(state, trouble=None), now_ms), []
        case Chosen():
            return _choose(state, event, now_ms), []
        case Answered(value) | Claimed(value):
            return _answer(state, value, now_ms, terms, claimed=isinstance(event, Claimed))
        case WentBack() | Left():
            leave = _back if isinstance(event, WentBack) else _leave
            return leave(state, now_ms, terms), []
    if state.phase is not Phase.CONTACT:
        return state, []
    return _fill_in(state, event, now_ms)


def _alive(state: State, now_ms: int) -> State:
    """Somebody is there: the time begins anew."""
    timings = state.timings
    lengths = {
        Phase.QUESTION_1: timings.question_ms,
        Phase.QUESTION_2: timings.question_ms,
        Phase.CONTACT: timings.form_ms,
        Phase.THANKS: CODE_MS if state.outcome == "contact" else timings.thanks_ms,
    }
    length = lengths.get(state.phase)
    return state if length is None else replace(state, ends_ms=now_ms + length)


def _enter(state: State, phase: Phase, now_ms: int) -> State:
    entered = replace(state, phase=phase, since_ms=now_ms, storing=None, trouble=None)
    return _alive(entered, now_ms)


def _tick(state: State, now_ms: int, terms: Terms) -> State:
    if state.ends_ms is None or now_ms < state.ends_ms:
        return state
    if state.phase is Phase.SELECTED:
        return _enter(state, Phase.QUESTION_1, now_ms)
    return waiting(terms)


def _prefer(state: State, wish: Preferred, now_ms: int) -> State:
    changed = replace(
        state,
        language=wish.language or state.language,
        contrast=state.contrast if wish.contrast is None else wish.contrast,
        low_reach=state.low_reach if wish.low_reach is None else wish.low_reach,
        unphotographed=(
            state.unphotographed if wish.unphotographed is None else wish.unphotographed
        ),
    )
    if state.phase is Phase.WAITING:  # somebody may have gone away after choosing a language
        return replace(changed, ends_ms=now_ms + state.timings.question_ms)
    return _alive(changed, now_ms)


def _choose(state: State, chosen: Chosen, now_ms: int) -> State:
    if state.phase not in (Phase.WAITING, Phase.SELECTED, Phase.QUESTION_1):
        return state
    if state.phase is not Phase.WAITING and chosen.employee == state.employee:
        return _alive(state, now_ms)
    framed = replace(
        state, phase=Phase.SELECTED, employee=chosen.employee, visit=state.visit or chosen.visit
    )
    return replace(framed, ends_ms=now_ms + SHOWN_SELECTED_MS, trouble=None)


def _answer(state: State, value: Value, now_ms: int, terms: Terms, *, claimed: bool) -> Next:
    asked = question(state, terms)
    if asked is None or state.visit is None or value not in asked.answers:
        return state, []
    unsettled = state.phase is Phase.SELECTED or now_ms - state.since_ms < SETTLED_MS
    if unsettled and not claimed:
        return state, []
    storing = _alive(replace(state, storing=value, trouble=None), now_ms)
    if claimed:
        return storing, []
    wanted = StoreAnswer(state.visit, asked.code, value, state.employee, state.language)
    return storing, [wanted]


def _after_stored(state: State, now_ms: int, terms: Terms) -> State:
    match state.phase:
        case Phase.CONTACT:
            return _thank(state, "contact", now_ms)
        case Phase.QUESTION_2 if state.storing == "yes":
            return replace(_enter(state, Phase.CONTACT, now_ms), step=Step.NUMBER)
        case Phase.QUESTION_2:
            return _thank(state, "declined", now_ms)
        case _ if state.storing in terms.survey.offers_call:
            return _enter(state, Phase.QUESTION_2, now_ms)
        case _:
            return _thank(state, "answered", now_ms)


def _thank(state: State, outcome: Outcome, now_ms: int) -> State:
    return _enter(replace(state, outcome=outcome), Phase.THANKS, now_ms)


def _refused(state: State, now_ms: int) -> State:
    phase = Phase.QUESTION_1 if state.phase is Phase.SELECTED else state.phase
    return replace(_enter(state, phase, now_ms), trouble="not_stored")


def _fill_in(state: State, event: Event, now_ms: int) -> Next:
    here = _alive(replace(state, trouble=None), now_ms)
    match event, state.step:
        case NumberOffered(valid), Step.NUMBER:
            return (
                replace(here, step=Step.COMMENT) if valid else replace(here, trouble="number")
            ), []
        case CommentDone(), Step.COMMENT:
            return replace(here, step=Step.CONSENT), []
        case ContactSent(phone, comment), Step.CONSENT if state.visit is not None:
            wanted = StoreContact(state.visit, phone, comment, state.language)
            return replace(here, storing="contact"), [wanted]
    return state, []


def _back(state: State, now_ms: int, terms: Terms) -> State:
    if state.phase is Phase.CONTACT and state.step is Step.COMMENT:
        return replace(_alive(state, now_ms), step=Step.NUMBER, trouble=None)
    if state.phase is Phase.CONTACT and state.step is Step.CONSENT:
        return replace(_alive(state, now_ms), step=Step.COMMENT, trouble=None)
    return _leave(state, now_ms, terms)


def _leave(state: State, now_ms: int, terms: Terms) -> State:
    """Before the first answer back to the start; after it with thanks for what was said."""
    if state.phase in (Phase.QUESTION_2, Phase.CONTACT):
        return _thank(state, "declined", now_ms)
    return waiting(terms)
