"""Wiring of the way in: which slice takes in which message, and who listens to whose news."""

from collections.abc import Mapping

from contract.messages import (
    ButtonPressed,
    ContactLeft,
    DeviceBorn,
    HealthReported,
    JobReported,
    Message,
    MessagesDropped,
    PhotoTaken,
    PresenceCounted,
    PressesFlagged,
    SelfTested,
    SmilesCounted,
    SmsArrived,
    SmsReported,
    SurveyAnswered,
)
from hub.cases import wiring as cases
from hub.core.inbox import Handler, Inbox
from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, UnitOfWork, Workplace
from hub.feedback.events import ResponsesFlagged, ResponsesRecorded
from hub.feedback.flags import record_flags
from hub.feedback.photographs.receiving import PhotographReceiver
from hub.feedback.presence_recording import record_presence, record_smiles
from hub.feedback.recording import AnswerRecorder, OnDuty, correct_times
from hub.feedback.rollups import count_flagged, count_recorded
from hub.fleet.events import BootClockLearned
from hub.fleet.health_facts import record_health
from hub.fleet.jobs.recording import record_reports
from hub.fleet.registrar import FleetRegistrar
from hub.fleet.service import record_birth, record_dropped, record_self_tests
from hub.identity.service import shift_at
from hub.sms.gateways.intake import Ready, always
from hub.sms.gateways.modem import arriving


def handlers() -> Mapping[type[Message], Handler]:
    """What takes in each type, answers before what belongs to them. Others wait among the dead letters."""
    answers = AnswerRecorder(_on_duty)
    return {
        ButtonPressed: answers.record_presses,
        SurveyAnswered: answers.record_screen_answers,
        ContactLeft: answers.record_contacts,
        DeviceBorn: record_birth,
        HealthReported: record_health,
        JobReported: record_reports,
        MessagesDropped: record_dropped,
        PresenceCounted: record_presence,
        PressesFlagged: record_flags,
        SelfTested: record_self_tests,
        SmilesCounted: record_smiles,
        SmsArrived: arriving.record_messages,
        SmsReported: arriving.record_reports,
    }


def make_inbox(
    workplace: Workplace,
    listeners: Listeners,
    photographs: PhotographReceiver | None = None,
    hearing: Ready = always,
) -> Inbox:
    """The inbox on this database, with every slice that takes messages in; photographs where they can be opened.

    `hearing` has the interpreter made ready, before the first SMS of a modem is heard.
    """
    listeners.within(BootClockLearned, correct_times)
    listeners.within(ResponsesRecorded, count_recorded)
    listeners.within(ResponsesFlagged, count_flagged)
    cases.listen(listeners)
    taking = dict(handlers())
    if photographs is not None:
        taking[PhotoTaken] = photographs.record
    return Inbox(workplace, FleetRegistrar(), taking, {SmsArrived: hearing})


def _on_duty(work: UnitOfWork, scope: Scope, touchpoint: str, at_ms: int) -> OnDuty | None:
    shift = shift_at(work, scope, touchpoint, at_ms)
    return None if shift is None else OnDuty(shift.id, shift.employee)
