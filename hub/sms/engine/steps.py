"""Pure: what each interpretation does in a conversation, as events and messages in their order.

Decides nothing about whether a message may go out; that is `turn.py`'s.
"""

from collections.abc import Callable, Iterator, Mapping

from hub.sms.engine.brake import may_ask_again
from hub.sms.engine.events.accepted import Accepted
from hub.sms.engine.events.appointment_answered import AppointmentAnswered
from hub.sms.engine.events.call_decided import CallDecided
from hub.sms.engine.events.call_requested import CallRequested
from hub.sms.engine.events.declined import Declined
from hub.sms.engine.events.escalated import Escalated
from hub.sms.engine.events.event import Event
from hub.sms.engine.events.late_answer_kept import LateAnswerKept
from hub.sms.engine.events.opted_in import OptedIn
from hub.sms.engine.events.opted_out import OptedOut
from hub.sms.engine.events.question_asked_again import QuestionAskedAgain
from hub.sms.engine.events.question_left import QuestionLeft
from hub.sms.engine.events.reply_not_understood import ReplyNotUnderstood
from hub.sms.engine.events.request_routed import RequestRouted
from hub.sms.engine.events.score_proposed import ScoreProposed
from hub.sms.engine.events.score_recorded import ScoreRecorded
from hub.sms.engine.events.words_added_to_case import WordsAddedToCase
from hub.sms.engine.events.words_kept import WordsKept
from hub.sms.engine.events.wrong_person_reported import WrongPersonReported
from hub.sms.engine.session import HIGHEST_DETRACTOR, Inbound, Session
from hub.sms.engine.templates import Template
from hub.sms.engine.turn import Say
from hub.sms.interpreter.labels import Interpretation, Label, State

Steps = Iterator[Event | Say]
LOWEST_PROMOTER = 9
QUESTIONS = {
    State.INVITED: Template.INVITE_AGAIN,
    State.DEMO_OPEN: Template.INVITE_AGAIN,
    State.AWAIT_SCORE: Template.ASK_SCORE_AGAIN,
    State.AWAIT_REASON: Template.ASK_REASON,
    State.AWAIT_CALL_CONSENT: Template.ASK_CALL_AGAIN,
    State.REMINDER: Template.ASK_APPOINTMENT_AGAIN,
    State.TWO_OPEN: Template.WHICH,
}
_KEEPS_WORDS = {State.INVITED, State.AWAIT_SCORE, State.AWAIT_REASON, State.AWAIT_CALL_CONSENT}


def steps_of(session: Session, inbound: Inbound, meant: Interpretation) -> Steps:
    """Every label's steps, in the order in which labels protect: danger first, words last."""
    if session.paused and not meant.labels & _EVEN_PAUSED:
        yield WordsAddedToCase(inbound.text)
        return
    for label, steps in _STEPS.items():
        if label in meant.labels:
            yield from steps(session, inbound, meant)


def _urgent(_session: Session, _inbound: Inbound, _meant: Interpretation) -> Steps:
    yield Say(Template.EMERGENCY)
    yield Escalated(urgent=True)


def _human(_session: Session, _inbound: Inbound, meant: Interpretation) -> Steps:
    if not meant.labels & {Label.NO, Label.SCORE}:
        yield Say(Template.PERSON_WILL_ANSWER)
    yield Escalated(urgent=False)


def _opt_out(session: Session, _inbound: Inbound, _meant: Interpretation) -> Steps:
    if not session.contact.stopped:
        yield Say(Template.STOPPED)
        yield OptedOut()


def _opt_in(session: Session, _inbound: Inbound, _meant: Interpretation) -> Steps:
    if session.contact.stopped:
        yield OptedIn()
        yield Say(Template.STARTED)


def _yes(session: Session, _inbound: Inbound, _meant: Interpretation) -> Steps:
    if session.state is State.AWAIT_CALL_CONSENT:
        yield CallDecided(may_call=True)
        yield Say(Template.THANK_CALL)
    else:
        yield Accepted()
        yield Say(Template.ASK_SCORE)


def _no(session: Session, _inbound: Inbound, meant: Interpretation) -> Steps:
    if session.state is State.AWAIT_CALL_CONSENT:
        yield CallDecided(may_call=False)
        yield Say(Template.THANK_NO_CALL)
    else:
        yield Declined()
        if Label.ESCALATE_HUMAN not in meant.labels:
            yield Say(Template.THANK_DECLINED)


def _score(_session: Session, _inbound: Inbound, meant: Interpretation) -> Steps:
    if meant.score is None:
        return
    yield ScoreRecorded(meant.score)
    if Label.ESCALATE_HUMAN in meant.labels:
        yield Say(Template.PERSON_WILL_ANSWER)
    elif meant.score <= HIGHEST_DETRACTOR:
        yield Say(Template.ASK_REASON)
    elif meant.score < LOWEST_PROMOTER:
        yield Say(Template.THANK_PASSIVE)
    else:
        yield Say(Template.THANK_PROMOTER)


def _confirm(session: Session, inbound: Inbound, meant: Interpretation) -> Steps:
    if meant.proposed is None:
        yield from _again(session, inbound, meant)
    elif may_ask_again(session.asked_again):
        yield QuestionAskedAgain()
        yield ScoreProposed(meant.proposed)
        yield Say(Template.PROPOSE_SCORE, meant.proposed)
    else:
        yield ReplyNotUnderstood()


def _again(session: Session, _inbound: Inbound, meant: Interpretation) -> Steps:
    if not may_ask_again(session.asked_again):
        yield ReplyNotUnderstood()
        return
    yield QuestionAskedAgain()
    if Label.REASK_RANGE in meant.labels:
        yield Say(Template.ASK_SCORE_IN_RANGE)
    elif meant.labels & {Label.CONFIRM}:
        yield Say(Template.PROPOSE_YES)
    elif session.state in QUESTIONS:
        yield Say(QUESTIONS[session.state])


def _skip(session: Session, _inbound: Inbound, _meant: Interpretation) -> Steps:
    yield QuestionLeft()
    asks_call = session.state is State.AWAIT_REASON
    yield Say(Template.ASK_CALL if asks_call else Template.THANK_SKIPPED)


def _text(session: Session, inbound: Inbound, meant: Interpretation) -> Steps:
    if session.state in _KEEPS_WORDS:
        yield WordsKept(inbound.text)
    if session.state is State.AWAIT_REASON and Label.ESCALATE_HUMAN not in meant.labels:
        yield QuestionLeft()
        yield Say(Template.ASK_CALL)


def _pending(session: Session, inbound: Inbound, meant: Interpretation) -> Steps:
    yield WordsKept(inbound.text)
    yield from _again(session, inbound, meant)


def _wrong_person(_session: Session, _inbound: Inbound, _meant: Interpretation) -> Steps:
    yield WrongPersonReported()
    yield Say(Template.SORRY_WRONG_PERSON)


def _late(session: Session, inbound: Inbound, _meant: Interpretation) -> Steps:
    yield LateAnswerKept(inbound.text)
    if session.asked_again == 0:
        yield QuestionAskedAgain()
        yield Say(Template.OVER)


def _appointment(_session: Session, _inbound: Inbound, meant: Interpretation) -> Steps:
    kept = Label.CONFIRM_APPT in meant.labels
    yield AppointmentAnswered(kept)
    yield Say(Template.APPOINTMENT_KEPT if kept else Template.APPOINTMENT_CANCELLED)


def _call(_session: Session, inbound: Inbound, _meant: Interpretation) -> Steps:
    yield CallRequested(inbound.text)
    yield Say(Template.PERSON_WILL_ANSWER)


def _routed(_session: Session, inbound: Inbound, _meant: Interpretation) -> Steps:
    yield RequestRouted(inbound.text)
    yield Say(Template.PERSON_WILL_ANSWER)


def _case(_session: Session, inbound: Inbound, _meant: Interpretation) -> Steps:
    yield WordsAddedToCase(inbound.text)


def _help(_session: Session, _inbound: Inbound, _meant: Interpretation) -> Steps:
    yield Say(Template.HELP)


def _help_once(session: Session, _inbound: Inbound, _meant: Interpretation) -> Steps:
    if session.asked_again == 0:
        yield QuestionAskedAgain()
        yield Say(Template.HELP)


_EVEN_PAUSED = {Label.ESCALATE_URGENT, Label.OPT_OUT, Label.OPT_IN, Label.IGNORE_AUTOREPLY}
_STEPS: Mapping[Label, Callable[[Session, Inbound, Interpretation], Steps]] = {
    Label.ESCALATE_URGENT: _urgent,
    Label.OPT_OUT: _opt_out,
    Label.OPT_IN: _opt_in,
    Label.WRONG_PERSON: _wrong_person,
    Label.TEXT: _text,
    Label.YES: _yes,
    Label.NO: _no,
    Label.SCORE: _score,
    Label.CONFIRM: _confirm,
    Label.REASK: _again,
    Label.REASK_RANGE: _again,
    Label.ASK_WHICH: _again,
    Label.SKIP: _skip,
    Label.SCORE_PENDING: _pending,
    Label.TEXT_PENDING: _pending,
    Label.CONFIRM_APPT: _appointment,
    Label.CANCEL_APPT: _appointment,
    Label.DUPLICATE: _late,
    Label.LATE: _late,
    Label.CALLBACK_REQUEST: _call,
    Label.ROUTE_AGENT: _routed,
    Label.TEXT_TO_CASE: _case,
    Label.HELP: _help,
    Label.NOOP_HELP: _help_once,
    Label.ESCALATE_HUMAN: _human,
}
