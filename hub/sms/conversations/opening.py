"""How a conversation begins: by an invitation, a keyword, an appointment's reminder, or out of the blue."""

from dataclasses import dataclass

from hub.core.clock import as_datetime
from hub.core.unit_of_work import UnitOfWork
from hub.sms.campaigns.definitions import Campaign
from hub.sms.campaigns.participations import Participation
from hub.sms.conversations.outcomes import carry_out
from hub.sms.conversations.speaking import Purpose
from hub.sms.conversations.tables import SmsConversation
from hub.sms.conversations.threads import HOUR_MS, Kind, put_back, session_of
from hub.sms.engine.conversation import start
from hub.sms.interpreter.labels import State

EMERGENCY = "112"
"""Where no campaign names another number."""


@dataclass(frozen=True, slots=True)
class Line:
    """With whom, by which telephone, in which language."""

    organisation: str
    facility: str
    telephone: str
    recipient: str
    language: str
    via: str = ""


def invite(
    work: UnitOfWork, campaign: Campaign, participation: Participation, line: Line
) -> SmsConversation:
    """Open the conversation of a participation and have the invitation sent."""
    row = _row(work, line, Kind.SURVEY, State.INVITED, campaign)
    row.participation = participation.id
    row.respondent = participation.respondent
    row.employee = participation.employee
    return begin(work, row, Purpose.INVITATION)


def demonstrate(work: UnitOfWork, campaign: Campaign, line: Line) -> SmsConversation:
    """A demonstration that nothing was said in yet."""
    return _stored(work, _row(work, line, Kind.DEMONSTRATION, State.DEMO_OPEN, campaign))


def begin(work: UnitOfWork, row: SmsConversation, why: Purpose = Purpose.ANSWER) -> SmsConversation:
    """Say the first words; who texted a keyword asked for them."""
    _stored(work, row)
    turn = start(session_of(work, row), as_datetime(work.now_ms))
    put_back(work, row, turn.session, asked=True)
    carry_out(work, row, turn, why=why)
    return row


def await_appointment(
    work: UnitOfWork, line: Line, reference: str, until_ms: int
) -> SmsConversation:
    """Somebody, perhaps the clinic's own system, has reminded of an appointment, and may get an answer until then."""
    row = _row(work, line, Kind.APPOINTMENT, State.REMINDER, None)
    row.reference = reference
    row.due_ms = until_ms
    return _stored(work, row)


def hold_unasked(work: UnitOfWork, line: Line) -> SmsConversation:
    """Where messages are kept that answer nothing."""
    return _stored(work, _row(work, line, Kind.UNASKED, State.NO_SESSION, None))


def _row(
    work: UnitOfWork, line: Line, kind: Kind, state: State, campaign: Campaign | None
) -> SmsConversation:
    policy = campaign.policy if campaign else None
    return SmsConversation(
        organisation=line.organisation,
        facility=line.facility,
        recipient=line.recipient,
        sealed=work.vault.seal(line.telephone.encode()),
        kind=kind,
        campaign=campaign.id if campaign else "",
        via=line.via,
        state=state,
        language=line.language,
        emergency=policy.emergency if policy else EMERGENCY,
        opened_ms=work.now_ms,
        asked_ms=work.now_ms,
        reminder_ms=policy.reminder_hours * HOUR_MS if policy else 0,
        expiry_ms=policy.expiry_hours * HOUR_MS if policy else 0,
    )


def _stored(work: UnitOfWork, row: SmsConversation) -> SmsConversation:
    work.session.add(row)
    work.session.flush()
    return row
