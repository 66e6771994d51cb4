"""What comes of a turn: messages, a recorded score, a noted participation, lines of the ledger, and news.

Everything happens in the transaction of the turn. Decides that only a survey's score is recorded: a demonstration's
never is. What the staff do about an unhappy patient is decided by whoever hears the news.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import update

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.feedback import channels
from hub.feedback.channels import ChannelAnswer
from hub.sms import events as news
from hub.sms.campaigns import participations
from hub.sms.campaigns.participations import Standing, Step
from hub.sms.conversations.speaking import Purpose, number_of, say, written
from hub.sms.conversations.tables import SmsConversation
from hub.sms.conversations.threads import Kind, end, open_ones
from hub.sms.engine.events.accepted import Accepted
from hub.sms.engine.events.appointment_answered import AppointmentAnswered
from hub.sms.engine.events.call_decided import CallDecided
from hub.sms.engine.events.call_requested import CallRequested
from hub.sms.engine.events.escalated import Escalated
from hub.sms.engine.events.event import Event
from hub.sms.engine.events.language_changed import LanguageChanged
from hub.sms.engine.events.late_answer_kept import LateAnswerKept
from hub.sms.engine.events.message_due import MessageDue
from hub.sms.engine.events.opted_in import OptedIn
from hub.sms.engine.events.opted_out import OptedOut
from hub.sms.engine.events.request_routed import RequestRouted
from hub.sms.engine.events.score_recorded import ScoreRecorded
from hub.sms.engine.events.words_added_to_case import WordsAddedToCase
from hub.sms.engine.events.words_kept import WordsKept
from hub.sms.engine.events.wrong_person_reported import WrongPersonReported
from hub.sms.engine.session import HIGHEST_DETRACTOR
from hub.sms.engine.turn import Turn
from hub.sms.interpreter.labels import State
from hub.sms.people import opt_outs, respondents

CHANNEL = "sms"
SURVEY, QUESTION = "sms", "recommend_service"
"""Under which the scores are kept: asked of chosen people by SMS, and never put together with a terminal's."""
WRONG_PERSON = "wrong_person"

_STANDINGS = {
    State.COMPLETED: Standing.COMPLETED,
    State.DECLINED: Standing.DECLINED,
    State.EXPIRED: Standing.EXPIRED,
    State.OPTED_OUT: Standing.OPTED_OUT,
}


def carry_out(
    work: UnitOfWork,
    row: SmsConversation,
    turn: Turn,
    heard: int | None = None,
    why: Purpose | None = None,
) -> None:
    """Do what the events of a turn ask for; `heard` is the message that led to it, `why` its messages go out."""
    for event in turn.events:
        if isinstance(event, MessageDue):
            say(work, row, event.template, event.number, why)
        elif (outcome := _OUTCOMES.get(type(event))) is not None:
            outcome(work, row, event, heard)
    if row.ended_ms == work.now_ms and row.participation is not None:
        _note_end(work, row, turn)
    work.tell(news.ConversationMoved(row.organisation, row.facility, number_of(row), row.campaign))


def told_of(work: UnitOfWork, row: SmsConversation) -> news.Told:
    """Which conversation news are about."""
    return news.Told(
        row.organisation,
        row.facility,
        number_of(row),
        row.participation,
        row.campaign,
        row.employee,
        work.now_ms,
    )


def _note_end(work: UnitOfWork, row: SmsConversation, turn: Turn) -> None:
    standing = _STANDINGS.get(State(row.state))
    if any(isinstance(event, WrongPersonReported) for event in turn.events):
        standing = Standing.WRONG_PERSON
    if standing and row.participation is not None:
        participations.change(work, row.participation, state=standing, ended_ms=work.now_ms)


def _accepted(work: UnitOfWork, row: SmsConversation, _event: Any, _heard: Any) -> None:
    if row.participation is not None:
        participations.reach(work, row.participation, Step.ACCEPTED, work.now_ms)


def _scored(work: UnitOfWork, row: SmsConversation, event: Any, _heard: Any) -> None:
    if row.participation is None:
        return
    given = ChannelAnswer(
        channel=CHANNEL,
        number=row.participation,
        facility=row.facility,
        survey=SURVEY,
        question=QUESTION,
        value=event.score,
        occurred_ms=work.now_ms,
        campaign=row.campaign,
        employee=row.employee or None,
    )
    if not channels.record(work, _scope(row), given):
        return
    participations.change(work, row.participation, score=event.score, scored_ms=work.now_ms)
    work.tell(news.ScoreGiven(told_of(work, row), event.score))
    if event.score <= HIGHEST_DETRACTOR:
        work.tell(news.DetractorFound(told_of(work, row), event.score))


def _wrong_person(work: UnitOfWork, row: SmsConversation, _event: Any, _heard: Any) -> None:
    if row.participation is None:
        return
    channels.flag(work, _scope(row), CHANNEL, row.participation, WRONG_PERSON)
    values = {"score": None, "scored_ms": None, "state": Standing.WRONG_PERSON}
    participations.change(work, row.participation, **values)
    work.tell(news.AnswerTakenBack(told_of(work, row)))


def _escalated(work: UnitOfWork, row: SmsConversation, event: Any, _heard: Any) -> None:
    work.tell(news.PersonNeeded(told_of(work, row), event.urgent))


def _call_decided(work: UnitOfWork, row: SmsConversation, event: Any, _heard: Any) -> None:
    if row.kind != Kind.DEMONSTRATION:
        work.tell(news.CallDecided(told_of(work, row), event.may_call))


def _call_requested(work: UnitOfWork, row: SmsConversation, _event: Any, _heard: Any) -> None:
    work.tell(news.CallDecided(told_of(work, row), may_call=True))


def _words(work: UnitOfWork, row: SmsConversation, _event: Any, heard: int | None) -> None:
    if heard is not None:
        work.tell(news.WordsReceived(told_of(work, row), heard))


def _request(work: UnitOfWork, row: SmsConversation, _event: Any, heard: int | None) -> None:
    if heard is not None:
        work.tell(news.RequestReceived(told_of(work, row), heard))


def _late(work: UnitOfWork, _row: SmsConversation, _event: Any, heard: int | None) -> None:
    if heard is not None:
        here = update(written).where(written.c.id == heard)
        work.connection.execute(here.values(late=True))


def _appointment(work: UnitOfWork, row: SmsConversation, event: Any, _heard: Any) -> None:
    work.tell(news.AppointmentAnswered(told_of(work, row), row.reference, event.kept))


def _language(work: UnitOfWork, row: SmsConversation, event: Any, _heard: Any) -> None:
    if row.respondent is not None:
        respondents.speaks(work, row.respondent, event.language)


def _opted_out(work: UnitOfWork, row: SmsConversation, _event: Any, _heard: Any) -> None:
    _note(work, row, stopped=True)
    for other in open_ones(work, row.organisation, row.recipient):
        if other.id != row.id:
            other.state = State.OPTED_OUT
            end(work, other)
            if other.participation is not None:
                values = {"state": Standing.OPTED_OUT, "ended_ms": work.now_ms}
                participations.change(work, other.participation, **values)


def _opted_in(work: UnitOfWork, row: SmsConversation, _event: Any, _heard: Any) -> None:
    _note(work, row, stopped=False)


def _note(work: UnitOfWork, row: SmsConversation, *, stopped: bool) -> None:
    place = (_scope(row), row.facility, row.recipient)
    opt_outs.note(work, *place, stopped=stopped, source=opt_outs.BY_SMS)


def _scope(row: SmsConversation) -> Scope:
    return Scope(row.organisation, frozenset({row.facility}))


_Outcome = Callable[[UnitOfWork, SmsConversation, Any, Any], None]
_OUTCOMES: Mapping[type[Event], _Outcome] = {
    Accepted: _accepted,
    ScoreRecorded: _scored,
    WrongPersonReported: _wrong_person,
    Escalated: _escalated,
    CallDecided: _call_decided,
    CallRequested: _call_requested,
    WordsKept: _words,
    WordsAddedToCase: _words,
    RequestRouted: _request,
    LateAnswerKept: _late,
    AppointmentAnswered: _appointment,
    LanguageChanged: _language,
    OptedOut: _opted_out,
    OptedIn: _opted_in,
}
