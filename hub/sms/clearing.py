"""What is asked at the very moment of sending, of every SMS whoever wrote it: may it go out to this telephone now?

Decides that nothing but the one confirmation goes to a telephone that has stopped; that a paused or stopped campaign
says nothing unasked; and that whoever did not write just now is written to only at hours allowed where they live.
"""

from zoneinfo import ZoneInfo

from hub.core.scope import Scope
from hub.core.unit_of_work import UnitOfWork
from hub.identity import service as identity
from hub.sms import telephones
from hub.sms.campaigns import definitions
from hub.sms.campaigns.definitions import CampaignState
from hub.sms.campaigns.quiet_hours import Window, allowed_from
from hub.sms.conversations import reading
from hub.sms.conversations.speaking import Purpose, conversation_of
from hub.sms.gateways.clearance import Go, Never, NotBefore, Verdict, Waiting
from hub.sms.people import opt_outs, respondents

JUST_NOW_MS = 15 * 60_000
"""So long after a patient has written an answer may go out at any hour."""
LOOK_AGAIN_MS = 60_000
_AT_ANY_HOUR = {Purpose.EMERGENCY, Purpose.STOPPED, Purpose.TRIAL}
_UNASKED = {Purpose.INVITATION, Purpose.REMINDER}


def clearance(work: UnitOfWork, message: Waiting) -> Verdict:
    """Go, hold, or never."""
    recipient = telephones.fingerprint(work.vault, message.organisation, message.recipient)
    stopped = opt_outs.has_stopped(work, message.organisation, recipient)
    if stopped and message.purpose != Purpose.STOPPED:
        return Never("opted_out")
    if message.purpose in _AT_ANY_HOUR:
        return Go()
    window = Window()
    number = conversation_of(message.subject)
    talk = None if number is None else reading.last_heard(work, _scope(message), number)
    if talk is not None:
        asked_by, heard_ms = talk
        if work.now_ms - heard_ms < JUST_NOW_MS and message.purpose not in _UNASKED:
            return Go()
        if asked_by:
            campaign = definitions.get(work, _scope(message), asked_by)
            window = campaign.policy.window
            if message.purpose in _UNASKED and campaign.state is CampaignState.STOPPED:
                return Never("campaign_stopped")
            if message.purpose in _UNASKED and campaign.state is CampaignState.PAUSED:
                return NotBefore(work.now_ms + LOOK_AGAIN_MS)
    allowed = allowed_from(work.now_ms, window, _zone(work, message, recipient))
    return Go() if allowed <= work.now_ms else NotBefore(allowed)


def _zone(work: UnitOfWork, message: Waiting, recipient: str) -> ZoneInfo:
    """Where the patient lives, else the facility's."""
    known = respondents.of_telephone(work, message.organisation, recipient)
    if known is not None:
        return ZoneInfo(known.time_zone)
    (facility,) = identity.facilities(work, _scope(message))
    return ZoneInfo(facility.time_zone)


def _scope(message: Waiting) -> Scope:
    return Scope(message.organisation, frozenset({message.facility}))
