"""What of the cases listens to whose news, and what is looked after all the time: joined by the composition root."""

from hub.cases.calling import attempts
from hub.cases.casework import arriving
from hub.cases.deadlines import running
from hub.cases.events import CaseOpened, StatusChanged, TopicSet, WaitingChanged
from hub.core.unit_of_work import Listeners
from hub.feedback.events import ContactsRecorded, ResponsesRecorded


def listen(listeners: Listeners) -> None:
    """Within the transactions that tell of it."""
    listeners.within(ContactsRecorded, arriving.open_for_contacts)
    listeners.within(ResponsesRecorded, arriving.join_answers)
    listeners.within(CaseOpened, running.start)
    listeners.within(CaseOpened, attempts.plan_calls)
    listeners.within(StatusChanged, running.follow_status)
    listeners.within(StatusChanged, attempts.follow_status)
    listeners.within(TopicSet, running.follow_topic)
    listeners.within(WaitingChanged, running.follow_waiting)
