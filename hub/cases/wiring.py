"""What of the cases listens to whose news, and what is looked after all the time: joined by the composition root."""

from pathlib import Path

from hub.cases.alerts import pushing, still_here
from hub.cases.alerts.pushing import Pusher, PushKeys
from hub.cases.alerts.still_here import AlertRaised
from hub.cases.calling import answered_when, attempts
from hub.cases.casework import arriving, by_sms, understanding
from hub.cases.casework.understanding import Understanding
from hub.cases.correspondence.mails import ClientMailSender, Post
from hub.cases.deadlines import notices, running
from hub.cases.deadlines.notices import DeadlineWatch
from hub.cases.events import (
    CaseOpened,
    ColleaguesConcerned,
    StatusChanged,
    TopicSet,
    WaitingChanged,
)
from hub.cases.problems import signals
from hub.cases.problems.signals import ProblemWatch
from hub.core.clock import Clock
from hub.core.jobs.ticker import Duty
from hub.core.languages import Languages
from hub.core.unit_of_work import Listeners, Workplace
from hub.feedback.events import ContactsRecorded, ResponsesRecorded
from hub.fleet.events import TerminalsNeedSomebody
from hub.sms import events as sms
from hub.sms.gateways.events import SmsReceived


def listen(listeners: Listeners) -> None:
    """Within the transactions that tell of it."""
    listeners.within(ContactsRecorded, arriving.open_for_contacts)
    listeners.within(ResponsesRecorded, arriving.join_answers)
    listeners.within(ResponsesRecorded, still_here.raise_alerts)
    listeners.within(sms.DetractorFound, by_sms.detractor_found)
    listeners.within(sms.PersonNeeded, by_sms.person_needed)
    listeners.within(sms.CallDecided, by_sms.call_decided)
    listeners.within(sms.CallDecided, attempts.follow_refusal)
    listeners.within(sms.WordsReceived, by_sms.words_received)
    listeners.within(sms.RequestReceived, by_sms.words_received)
    listeners.within(sms.AnswerTakenBack, by_sms.answer_taken_back)
    listeners.within(sms.ScoreGiven, by_sms.score_given)
    listeners.within(SmsReceived, answered_when.received)
    listeners.within(CaseOpened, running.start)
    listeners.within(CaseOpened, attempts.plan_calls)
    listeners.within(CaseOpened, understanding.put_words)
    listeners.within(StatusChanged, running.follow_status)
    listeners.within(StatusChanged, attempts.follow_status)
    listeners.within(TopicSet, running.follow_topic)
    listeners.within(TopicSet, signals.follow_topic)
    listeners.within(ColleaguesConcerned, notices.show_to_colleagues)
    listeners.within(AlertRaised, pushing.put_pushes)
    listeners.within(TerminalsNeedSomebody, pushing.put_terminal_pushes)
    listeners.within(WaitingChanged, running.follow_waiting)


def push_keys(data: Path, sender: str) -> PushKeys:
    """The hub's own keys for web push; made when they are first wanted."""
    return PushKeys(data / "keys" / "push.pem", f"mailto:{sender}")


def duties(
    workplace: Workplace,
    clock: Clock,
    *,
    keys: PushKeys,
    languages: Languages,
    address: str,
    sender: str,
    post: Post | None,
) -> list[Duty]:
    """For the ticker; e-mails to patients only where there is a mail server."""
    found = [
        *Understanding(workplace, clock).duties(),
        *DeadlineWatch(workplace, address).duties(),
        *ProblemWatch(workplace).duties(),
        *Pusher(workplace, clock, languages, keys.send).duties(),
    ]
    if post is not None:
        found += ClientMailSender(workplace, clock, sender, post).duties()
    return found
