"""How the parts of SMS are joined: who hears which news, and what the ticker looks after."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from hub.core.clock import Clock
from hub.core.jobs.ticker import Duty
from hub.core.unit_of_work import Listeners, Workplace
from hub.sms.alerts.chain import Alerts
from hub.sms.conversations import deliveries
from hub.sms.conversations.hearing import Hearing
from hub.sms.conversations.passing import PassingTime
from hub.sms.events import DetractorFound, MessageUnresolved, PersonNeeded
from hub.sms.gateways import registry
from hub.sms.gateways.events import SmsReceived, SmsStateChanged, SmsUnresolved
from hub.sms.interpreter.interpreter import Interpreter
from hub.sms.invitations.folder import LOOK_EVERY_S as FOLDER_EVERY_S
from hub.sms.invitations.folder import DropFolder
from hub.sms.invitations.inviting import Inviting

LOOK_EVERY_S = 1.0


def join(
    workplace: Workplace,
    listeners: Listeners,
    clock: Clock,
    interpreter: Callable[[], Interpreter],
    *,
    pages_url: str,
    drop_folder: Path,
) -> list[Duty]:
    """Have conversations held, alerts raised and lists taken in; the gateways are joined by themselves."""
    alerts = Alerts(workplace, lambda alert: f"{pages_url}/sms/alerts/{alert}")
    listeners.within(SmsReceived, Hearing(interpreter).received)
    listeners.within(SmsStateChanged, deliveries.got_further)
    listeners.within(SmsUnresolved, deliveries.unresolved)
    listeners.within(DetractorFound, alerts.detractor_found)
    listeners.within(PersonNeeded, alerts.person_needed)
    listeners.within(MessageUnresolved, alerts.message_unresolved)
    return [
        Duty("sms-interpreter", LOOK_EVERY_S, partial(_keep_ready, workplace, interpreter)),
        Duty("sms-invitations", LOOK_EVERY_S, Inviting(workplace).step),
        Duty("sms-conversations", LOOK_EVERY_S, PassingTime(workplace).step),
        Duty("sms-alerts", LOOK_EVERY_S, alerts.step),
        Duty("sms-lists", FOLDER_EVERY_S, DropFolder(workplace, clock, drop_folder).step),
    ]


def _keep_ready(workplace: Workplace, interpreter: Callable[[], Interpreter]) -> bool:
    """Where there is a gateway, replies will come; elsewhere the dictionaries need not be read."""
    with workplace.read() as work:
        wanted = registry.ways(work)
    if wanted:
        interpreter()
    return False
