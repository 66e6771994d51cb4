"""Conversations from the invitation to the end, and what no sequence of texts can bring about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.sms.engine.brake import MOST_MESSAGES, MOST_REPROMPTS, WINDOW
from hub.sms.engine.conversation import hear, resumed, start, time_passed
from hub.sms.engine.deadlines import OPEN, Deadlines, Due, due
from hub.sms.engine.events.call_decided import CallDecided
from hub.sms.engine.events.escalated import Escalated
from hub.sms.engine.events.opted_in import OptedIn
from hub.sms.engine.events.opted_out import OptedOut
from hub.sms.engine.events.question_asked_again import QuestionAskedAgain
from hub.sms.engine.events.score_recorded import ScoreRecorded
from hub.sms.engine.ledger import Entry, is_stopped
from hub.sms.engine.session import Contact, Inbound, Session
from hub.sms.engine.templates import Template
from hub.sms.engine.turn import Turn
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.interpreter.labels import State

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)

REPLIES = st.one_of(
    st.sampled_from(
        [
            *(
                "si",
                "no",
                "9",
                "2",
                "8.5",
                "quizás",
                "luego",
                "??",
                "100%",
                "gracias",
                "ok",
                "un 9",
            ),
            *("BAJA", "стоп", "no me escriban más", "hola", "llamadme", "quiero pedir cita", "x"),
            *("me quiero morir", "soy su hija", "ladrones", "да", "nueve", "la espera", "-", "yes"),
        ]
    ),
    st.text(max_size=12),
)
ANSWERED = st.sampled_from(["AYUDA", "help", "llamadme", "quién es?", "quiero pedir cita"])
"""Texts that are answered however often they come, but for the brake."""
SESSIONS = st.builds(
    Session, state=st.sampled_from(State), language=st.sampled_from(["es", "ca", "ru", "en"])
)


def held(interpreter: Interpreter, *texts: str, language: str = "es") -> list[Turn]:
    turns = [start(Session(State.INVITED, language), NOON)]
    for number, text in enumerate(texts, 1):
        at = NOON + number * DAY
        turns.append(hear(turns[-1].session, Inbound(text, at), interpreter))
    return turns


def templates(turns: list[Turn]) -> list[list[str]]:
    return [[message.template.value for message in turn.messages] for turn in turns]


def test_a_happy_patient(interpreter: Interpreter) -> None:
    turns = held(interpreter, "sí", "un 9")
    assert templates(turns) == [["invite"], ["ask_score"], ["thank_promoter"]]
    assert turns[-1].events[0] == ScoreRecorded(9)
    assert turns[-1].session.state is State.COMPLETED


def test_an_unhappy_patient_who_may_be_called(interpreter: Interpreter) -> None:
    turns = held(interpreter, "да", "3, ждал 2 часа", "хамство", "да, после 18", language="ru")
    assert templates(turns)[2:] == [["ask_reason"], ["ask_call"], ["thank_call"]]
    last = turns[-1]
    assert CallDecided(may_call=True) in last.events
    assert last.session.words == ("3, ждал 2 часа", "хамство", "да, после 18")
    assert last.session.is_detractor


def test_a_probable_score_is_stored_only_after_a_yes(interpreter: Interpreter) -> None:
    turns = held(interpreter, "si", "100%", "sí")
    assert turns[2].session.score is None
    assert turns[2].messages[0].number == 10
    assert turns[3].session.score == 10
    assert held(interpreter, "si", "100%", "no")[-1].session.score is None


def test_the_conversation_follows_the_language_of_the_answers(interpreter: Interpreter) -> None:
    turns = held(interpreter, "по-русски, пожалуйста", "да")
    assert turns[1].session.language == "ru"
    assert turns[2].session.state is State.AWAIT_SCORE


def test_a_question_is_repeated_twice_at_most(interpreter: Interpreter) -> None:
    turns = held(interpreter, "si", "eh", "asdf", "qwerty", "zxcv", "7")
    assert templates(turns)[2:6] == [["ask_score_again"], ["ask_score_again"], [], []]
    assert turns[-1].session.score == 7


def test_danger_alerts_sends_the_number_and_pauses(interpreter: Interpreter) -> None:
    turns = held(interpreter, "si", "no puedo respirar", "9", "BAJA")
    assert templates(turns)[2:] == [["emergency"], [], []]
    assert Escalated(urgent=True) in turns[2].events
    assert turns[3].session.score is None
    assert OptedOut() in turns[4].events
    assert not resumed(turns[3].session).paused


def test_one_confirmation_of_a_stop_and_then_silence_until_the_word(
    interpreter: Interpreter,
) -> None:
    turns = held(interpreter, "BAJA", "BAJA", "si", "ALTA")
    assert templates(turns)[1:] == [["stopped"], [], [], ["started"]]
    assert OptedIn() in turns[-1].events


def test_whoever_declined_cannot_take_part_again(interpreter: Interpreter) -> None:
    turns = held(interpreter, "no", "si", "9")
    assert templates(turns)[1:] == [["thank_declined"], ["over"], []]
    assert turns[-1].session.state is State.DECLINED
    assert turns[-1].session.score is None


def test_an_automatic_reply_is_never_answered(interpreter: Interpreter) -> None:
    turns = held(interpreter, *["Respuesta automática: estoy conduciendo"] * 3)
    assert [turn.events for turn in turns[1:]] == [(), (), ()]


@given(SESSIONS, st.lists(REPLIES, max_size=8))
@settings(max_examples=60, deadline=None)
def test_after_a_stop_no_text_without_an_opt_in_word_causes_a_message(
    interpreter: Interpreter, session: Session, texts: list[str]
) -> None:
    stopped = hear(session, Inbound("STOP", NOON), interpreter).session
    assert stopped.contact.stopped
    for number, text in enumerate(texts, 1):
        turn = hear(stopped, Inbound(text, NOON + number * DAY), interpreter)
        assert turn.messages == ()
        stopped = turn.session
    assert stopped.contact.stopped


@given(SESSIONS, st.lists(st.tuples(REPLIES | ANSWERED, st.integers(0, 600)), max_size=16))
@example(Session(State.COMPLETED, "es"), [("AYUDA", 60)] * (MOST_MESSAGES + 1))
@settings(max_examples=60, deadline=None)
def test_the_brake_holds_whatever_the_texts_are(
    interpreter: Interpreter, session: Session, texts: list[tuple[str, int]]
) -> None:
    sent: list[datetime] = []
    asked: dict[State, int] = {}
    at = NOON
    for text, seconds in texts:
        at += timedelta(seconds=seconds)
        before = session.state
        turn = hear(session, Inbound(text, at), interpreter)
        session = turn.session
        sent += [message.at for message in turn.messages]
        assert sum(at - WINDOW < moment for moment in sent) <= MOST_MESSAGES
        if before is session.state and QuestionAskedAgain() in turn.events:
            asked[before] = session.asked_again
            assert asked[before] <= MOST_REPROMPTS


@given(SESSIONS, REPLIES)
@settings(max_examples=60, deadline=None)
def test_the_same_message_in_the_same_session_leads_to_the_same_turn(
    interpreter: Interpreter, session: Session, text: str
) -> None:
    before = replace(session)
    first = hear(session, Inbound(text, NOON), interpreter)
    assert first == hear(session, Inbound(text, NOON), interpreter)
    assert session == before


def test_one_reminder_and_then_the_end() -> None:
    deadlines = Deadlines()
    asked = Session(State.AWAIT_SCORE, "es")

    def at(hours: int, reminded: bool = False, state: State = State.AWAIT_SCORE) -> Due:
        return due(state, NOON, reminded, NOON + timedelta(hours=hours), deadlines)

    assert [at(23), at(24), at(24, reminded=True), at(72, reminded=True)] == [
        *(Due.NOTHING, Due.REMINDER, Due.NOTHING, Due.EXPIRY),
    ]
    assert at(100, state=State.COMPLETED) is Due.NOTHING
    reminded = time_passed(asked, Due.REMINDER, NOON)
    assert [message.template for message in reminded.messages] == [Template.ASK_SCORE_AGAIN]
    over = time_passed(asked, Due.EXPIRY, NOON)
    assert (over.session.state, over.messages) == (State.EXPIRED, ())


@given(
    SESSIONS.filter(lambda session: session.state in OPEN),
    st.lists(st.tuples(REPLIES, st.integers(0, 40)), max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_after_the_end_no_text_is_counted_and_no_clock_begins_anew(
    interpreter: Interpreter, session: Session, texts: list[tuple[str, int]]
) -> None:
    over = time_passed(session, Due.EXPIRY, NOON)
    assert (over.session.score, over.messages) == (session.score, ())
    late, at = over.session, NOON
    for text, days in texts:
        at += days * DAY
        turn = hear(late, Inbound(text, at), interpreter)
        late = turn.session
        assert not [event for event in turn.events if isinstance(event, ScoreRecorded)]
        assert late.score == session.score
        assert late.state not in OPEN
        assert due(late.state, at, False, at + 365 * DAY, Deadlines()) is Due.NOTHING


def test_the_ledger_s_last_word_counts_and_a_tie_stays_stopped() -> None:
    stop, again = Entry(NOON, stopped=True), Entry(NOON + DAY, stopped=False)
    assert not is_stopped([])
    assert is_stopped([stop])
    assert not is_stopped([again, stop])
    assert is_stopped([Entry(NOON, stopped=False), stop])


def test_a_stopped_telephone_is_not_invited() -> None:
    session = Session(State.INVITED, "es", Contact(stopped=True))
    assert start(session, NOON).messages == ()
