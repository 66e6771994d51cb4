"""Pure: session and message in, session and events out; reads no clock and sends nothing.

Decides when the yes to a proposed score is that score, and that a conversation goes on in the language of its answers.
"""

from dataclasses import replace
from datetime import datetime

from hub.sms.engine.deadlines import OPEN, Due
from hub.sms.engine.events.expired import Expired
from hub.sms.engine.events.language_changed import LanguageChanged
from hub.sms.engine.session import Inbound, Session
from hub.sms.engine.steps import QUESTIONS, steps_of
from hub.sms.engine.templates import Template
from hub.sms.engine.turn import Say, Turn, turn
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.interpreter.labels import Interpretation, Label, State


def start(session: Session, at: datetime) -> Turn:
    """The invitation goes out."""
    return turn(session, [Say(Template.INVITE)], at)


def hear(session: Session, inbound: Inbound, interpreter: Interpreter) -> Turn:
    """The turn that a patient's message leads to."""
    return answered(session, inbound, understood(session, inbound.text, interpreter), interpreter)


def answered(
    session: Session, inbound: Inbound, meant: Interpretation, interpreter: Interpreter
) -> Turn:
    """The turn that a message leads to of which it is known what it means."""
    spoken = interpreter.language_of(inbound.text, session.language)
    changed = spoken != session.language and session.state in OPEN
    before = [LanguageChanged(spoken)] if changed else []
    return turn(session, [*before, *steps_of(session, inbound, meant)], inbound.at)


def understood(session: Session, text: str, interpreter: Interpreter) -> Interpretation:
    """What a message means in this session; a plain yes or no may answer a proposed score."""
    state = State.OPTED_OUT if session.contact.stopped else session.state
    meant = interpreter.interpret(text, session.language, state)
    if session.proposed is None or meant.labels != {Label.REASK}:
        return meant
    answer = interpreter.interpret(text, session.language, State.INVITED)
    if answer.label == Label.YES:
        return Interpretation(f"{Label.SCORE}:{session.proposed}", "confirms the proposed score")
    return meant


def time_passed(session: Session, due: Due, at: datetime) -> Turn:
    """What the clock asks for: the one reminder, or the end."""
    if due is Due.EXPIRY:
        return turn(session, [Expired()], at)
    question = QUESTIONS.get(session.state)
    steps = [Say(question)] if due is Due.REMINDER and question else []
    return turn(session, steps, at)


def resumed(session: Session) -> Session:
    """The session when the person who took over hands it back."""
    return replace(session, paused=False)
