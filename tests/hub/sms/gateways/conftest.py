"""Two gateways of one clinic, what is sent by them, and what is told."""

from dataclasses import dataclass, field

import pytest

from hub.core.scope import Scope
from hub.core.unit_of_work import Listeners, UnitOfWork, Workplace
from hub.sms.gateways import registry, service
from hub.sms.gateways.clearance import Go, Verdict, Waiting
from hub.sms.gateways.dispatching import Dispatcher
from hub.sms.gateways.doubts import Doubts
from hub.sms.gateways.events import SmsStateChanged, SmsUnresolved
from hub.sms.gateways.progress import State
from hub.sms.gateways.registry import GatewaySettings, NewGateway, OpenGateways
from hub.sms.gateways.service import Draft
from tests.fakes.clock import HeldClock
from tests.fakes.gateway import ObedientGateway
from tests.fakes.vault import ReversingVault

WHOLE = Scope("clinic")
ANNA, BORIS = "+34600000001", "+34600000002"


@dataclass
class Post:
    """Puts messages and works them off."""

    workplace: Workplace
    clock: HeldClock
    main: ObedientGateway
    spare: ObedientGateway
    changes: list[SmsStateChanged] = field(default_factory=list)
    unresolved: list[SmsUnresolved] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        gateways = {"main": self.main, "spare": self.spare}
        opened = OpenGateways(
            ReversingVault(), {"obedient": lambda name, _settings: gateways[name.id]}
        )
        self.dispatcher = Dispatcher(self.workplace, self.clock, opened, self._clearance)
        self.doubts = Doubts(self.workplace, self.clock, opened)

    def _clearance(self, work: UnitOfWork, message: Waiting) -> Verdict:
        return self.verdicts.get(message.subject, Go())

    def put(self, text: str, to: str = ANNA, **more: object) -> str:
        draft = {"subject": text, "purpose": "survey", **more}
        with self.workplace.begin() as work:
            return service.put(work, WHOLE, "north", Draft(to, text, **draft))  # type: ignore[arg-type]

    def work_off(self) -> None:
        """Until nothing more may go now."""
        while self.dispatcher.step():
            pass

    def settle_doubts(self) -> None:
        while self.doubts.step():
            pass

    def state(self, text: str) -> State:
        with self.workplace.read() as work:
            (one,) = service.progress(work, WHOLE, [text])
            return one.state


@pytest.fixture
def post(workplace: Workplace, listeners: Listeners, clock: HeldClock) -> Post:
    """`main` is asked first and takes ten a second; `spare` stands in."""
    made = Post(workplace, clock, ObedientGateway(), ObedientGateway())
    listeners.within(SmsStateChanged, lambda _work, event: made.changes.append(event))
    listeners.within(SmsUnresolved, lambda _work, event: made.unresolved.append(event))
    with workplace.begin() as work:
        for rank, name in enumerate(("main", "spare")):
            new = NewGateway(name, "obedient", GatewaySettings(), rank=rank, per_second=10)
            registry.add(work, WHOLE, new)
    return made
