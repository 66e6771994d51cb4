"""A patient's message: to which conversation it belongs, what it means there, and what comes of it.

All of one telephone's messages are heard one after the other, whichever process hears them. Decides the order: an open
question first, then a demonstration's keyword, then a conversation that has ended, then nothing that was asked.
"""

from collections.abc import Callable
from dataclasses import replace

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from hub.core.clock import as_datetime
from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity
from hub.sms import telephones
from hub.sms.campaigns import definitions, participations
from hub.sms.campaigns.participations import Step
from hub.sms.conversations import opening
from hub.sms.conversations.opening import Line
from hub.sms.conversations.outcomes import carry_out
from hub.sms.conversations.routing import Thread, named
from hub.sms.conversations.speaking import keep, number_of, take_back_reminder, written
from hub.sms.conversations.tables import SmsConversation, SmsMessage
from hub.sms.conversations.threads import (
    HOUR_MS,
    Kind,
    last_ended,
    open_ones,
    put_back,
    session_of,
    unasked,
)
from hub.sms.engine.conversation import answered, understood
from hub.sms.engine.session import Inbound, Session
from hub.sms.gateways.events import SmsReceived
from hub.sms.interpreter.folding import fold
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.interpreter.labels import Interpretation, Label, State
from hub.sms.people import numbers, respondents
from hub.sms.people.respondents import Person

log = structlog.get_logger()

LANGUAGE = "es"
"""Of a stranger whose own words do not tell."""
HELP_AGAIN_MS = 24 * HOUR_MS


class Hearing:
    """Listens to what the gateways bring. `interpreter` gives one that is ready."""

    def __init__(self, interpreter: Callable[[], Interpreter]) -> None:
        self._made = interpreter

    @property
    def _interpreter(self) -> Interpreter:
        return self._made()

    def received(self, work: UnitOfWork, event: SmsReceived) -> None:
        """Hear one message and answer it, in the transaction in which it is taken in."""
        line = self._line(work, event)
        if line is None:
            log.info("sms_from_no_telephone", organisation=event.organisation)
            return
        waiting = open_ones(work, line.organisation, line.recipient)
        for row in waiting:  # the gateways' rows first, as whoever tells of their messages has them
            take_back_reminder(work, row)
        for row in waiting:
            row.via = event.gateway
        if {Kind.APPOINTMENT} < {row.kind for row in waiting}:
            self._one_of_two(work, waiting, event.text)
        elif waiting:
            self._hear(work, waiting[-1], event.text)
        else:
            self._unexpected(work, line, event.text)

    def _line(self, work: UnitOfWork, event: SmsReceived) -> Line | None:
        """From whom it is; None where nobody could be answered. Nobody else hears this telephone meanwhile."""
        telephone = telephones.international(event.sender)
        recipient = telephones.fingerprint(work.vault, event.organisation, telephone)
        known = respondents.of_telephone(work, event.organisation, recipient)
        if not telephone.startswith("+"):
            return None
        if known is None:
            places = identity.facilities(work, Scope(event.organisation))
            if not places:
                return None
            place = next((p for p in places if p.id == event.facility), places[0])
            zone = numbers.zone_of(telephone, place.time_zone)
            scope = Scope(event.organisation)
            known = respondents.keep(work, scope, place.id, Person(telephone, zone))
        respondents.locked(work, event.organisation, recipient)
        language = known.language or self._interpreter.language_of(event.text, LANGUAGE)
        return Line(
            event.organisation, known.facility, telephone, recipient, language, event.gateway
        )

    def _unexpected(self, work: UnitOfWork, line: Line, text: str) -> None:
        for campaign in definitions.demonstrations(work, Scope(line.organisation)):
            if campaign.keyword == fold(text):
                place = replace(line, facility=campaign.facility)
                self._demonstrate(work, opening.demonstrate(work, campaign, place), text)
                return
        row = last_ended(work, line.organisation, line.recipient)
        if row is None:
            row = unasked(work, line.organisation, line.recipient)
            row = row or opening.hold_unasked(work, line)
            row.language = self._interpreter.language_of(text, row.language)
            if work.now_ms - row.asked_ms >= HELP_AGAIN_MS:
                row.asked_again = 0
        row.via = line.via
        self._hear(work, row, text)

    def _demonstrate(self, work: UnitOfWork, row: SmsConversation, text: str) -> None:
        """The keyword may be the yes itself; if not, the invitation is the answer to it."""
        session = session_of(work, row)
        meant = understood(session, text, self._interpreter)
        if meant.labels == {Label.YES} or session.contact.stopped:
            self._hear(work, row, text)
        else:
            keep(work, row, text, "KEYWORD", inbound=True)
            opening.begin(work, row)

    def _one_of_two(self, work: UnitOfWork, waiting: list[SmsConversation], text: str) -> None:
        survey = next(row for row in waiting if row.kind != Kind.APPOINTMENT)
        appointment = next(row for row in waiting if row.kind == Kind.APPOINTMENT)
        session = replace(
            session_of(work, survey), state=State.TWO_OPEN, asked_again=survey.asked_which
        )
        meant = understood(session, text, self._interpreter)
        if Label.ASK_WHICH not in meant.labels:
            # Only the survey asks for numbers and words, and a stop or a cry for help means everything.
            self._hear(work, survey, text)
            return
        asked = _undecided(work, survey)
        choice = named(text)
        if choice is None or asked is None:
            self._ask_which(work, survey, session, text, meant)
            return
        keep(work, survey, text, f"WHICH:{choice}", inbound=True)
        survey.asked_which = 0
        chosen = survey if choice is Thread.SURVEY else appointment
        self._hear(work, chosen, work.vault.open(asked.sealed).decode(), asked.id)

    def _ask_which(
        self,
        work: UnitOfWork,
        survey: SmsConversation,
        session: Session,
        text: str,
        meant: Interpretation,
    ) -> None:
        heard = keep(work, survey, text, meant.label, inbound=True)
        turn = answered(session, _inbound(work, text), meant, self._interpreter)
        survey.asked_which = turn.session.asked_again
        carry_out(work, survey, turn, heard)

    def _hear(
        self, work: UnitOfWork, row: SmsConversation, text: str, heard: int | None = None
    ) -> None:
        """`heard` is a message that is kept already, of which it was not known where it belongs."""
        session = session_of(work, row)
        meant = understood(session, text, self._interpreter)
        if heard is None:
            heard = keep(work, row, text, meant.label, inbound=True)
        else:
            belongs = {"conversation": number_of(row), "meaning": meant.label}
            here = update(written).where(written.c.id == heard)
            work.connection.execute(here.values(belongs))
        if row.participation is not None:
            participations.reach(work, row.participation, Step.REPLIED, work.now_ms)
        turn = answered(session, _inbound(work, text), meant, self._interpreter)
        put_back(work, row, turn.session, asked=bool(turn.messages))
        carry_out(work, row, turn, heard)


def _inbound(work: UnitOfWork, text: str) -> Inbound:
    return Inbound(text, as_datetime(work.now_ms))


def _undecided(work: UnitOfWork, survey: SmsConversation) -> SmsMessage | None:
    """The last message of which it was asked where it belongs, if that was asked last."""
    wanted = select(SmsMessage).where(
        col(SmsMessage.conversation) == survey.id, col(SmsMessage.inbound).is_(True)
    )
    last = work.session.exec(wanted.order_by(col(SmsMessage.id).desc()).limit(1)).first()
    return last if last is not None and last.meaning == Label.ASK_WHICH else None
