"""The demonstration's telephone network: what lies on the screens of telephones that nobody can hold.

It is kept in memory; what was said is in the conversations. Whatever is sent arrives, and is reported as real networks
do: afterwards, by its own way.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass
from threading import Lock

from hub.core.jobs.ticker import Duty
from hub.core.unit_of_work import Workplace
from hub.sms.gateways.intake import store
from hub.sms.gateways.port import DeliveryReport, DeliveryState, Name, Outgoing

MOST_TELEPHONES = 500
MOST_MESSAGES = 100
REPORT_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class OnScreen:
    """A message on a telephone; `own` was written there."""

    number: int
    own: bool
    text: str


class SimulatedNetwork:
    """Used by the gateway's threads and by the page."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._screens: OrderedDict[str, deque[OnScreen]] = OrderedDict()
        self._reports: deque[DeliveryReport] = deque()
        self._count = 0

    def deliver(self, by: Name, message: Outgoing) -> None:
        """Put it on the recipient's screen, and have that reported."""
        self._show(message.recipient, message.text, own=False)
        self._reports.append(
            DeliveryReport(by.organisation, by.id, DeliveryState.DELIVERED, message.id)
        )

    def wrote(self, telephone: str, text: str) -> None:
        """What somebody writes is on their own screen, too."""
        self._show(telephone, text, own=True)

    def screen(self, telephone: str) -> list[OnScreen]:
        """The oldest first."""
        with self._lock:
            return list(self._screens.get(telephone, ()))

    def duties(self, workplace: Workplace) -> list[Duty]:
        """For the ticker: bring the reports."""

        def step() -> bool:
            if not self._reports:
                return False
            store(workplace, self._reports.popleft())
            return True

        return [Duty("sms-simulated-reports", REPORT_EVERY_S, step)]

    def _show(self, telephone: str, text: str, *, own: bool) -> None:
        with self._lock:
            self._count += 1
            screen = self._screens.setdefault(telephone, deque(maxlen=MOST_MESSAGES))
            screen.append(OnScreen(self._count, own, text))
            self._screens.move_to_end(telephone)
            if len(self._screens) > MOST_TELEPHONES:
                self._screens.popitem(last=False)
