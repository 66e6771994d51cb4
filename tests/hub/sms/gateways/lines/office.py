"""The side of the hub: sends by one line and hears what comes by it."""

from functools import partial

from fastapi import FastAPI

from hub.core.unit_of_work import Listeners, Workplace
from hub.ingest import make_inbox
from hub.sms.gateways import registry, service
from hub.sms.gateways.calling import Callers
from hub.sms.gateways.clearance import cleared
from hub.sms.gateways.dispatching import Dispatcher
from hub.sms.gateways.events import SmsReceived, SmsStateChanged
from hub.sms.gateways.intake import Intake, store
from hub.sms.gateways.kannel import gateway as kannel
from hub.sms.gateways.kannel import routes as kannel_routes
from hub.sms.gateways.modem import gateway as modem
from hub.sms.gateways.progress import State
from hub.sms.gateways.registry import NewGateway, OpenGateways
from hub.sms.gateways.service import Draft
from hub.sms.gateways.smpp import gateway as smpp
from hub.sms.gateways.twilio import gateway as twilio
from hub.sms.gateways.twilio import routes as twilio_routes
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.fakes.waiting import eventually
from tests.hub.sms.gateways.conftest import WHOLE
from tests.hub.sms.gateways.lines.line import Line

PATIENCE_S = 60.0


class Office:
    """Sends by one line and hears what comes by it."""

    def __init__(self, workplace: Workplace, listeners: Listeners, clock: HeldClock) -> None:
        self.workplace = workplace
        self.clock = clock
        self.received: list[SmsReceived] = []
        self.states: list[SmsStateChanged] = []
        listeners.within(SmsReceived, lambda _work, event: self.received.append(event))
        listeners.within(SmsStateChanged, lambda _work, event: self.states.append(event))
        self.downlink = modem.Downlink()
        self.inbox = make_inbox(workplace, listeners)
        self.url = ""
        openers = {
            kannel.KIND: kannel.opened,
            modem.KIND: modem.opener(workplace, self.downlink),
            smpp.KIND: smpp.opener(partial(store, workplace)),
            twilio.KIND: twilio.opened,
        }
        self.gateways = OpenGateways(ReversingVault(), openers)
        self.dispatcher = Dispatcher(workplace, clock, self.gateways, cleared)

    def app(self) -> FastAPI:
        app = FastAPI()
        callers, intake = Callers(self.workplace, self.gateways), Intake(self.workplace)
        app.include_router(kannel_routes.webhooks(callers, intake))
        app.include_router(twilio_routes.webhooks(callers, intake))
        return app

    def use(self, way: NewGateway) -> None:
        with self.workplace.begin() as work:
            registry.add(work, WHOLE, way)
        for duty in self.gateways.duties(self.workplace):
            duty.step()

    def send(self, telephone: str, text: str) -> None:
        with self.workplace.begin() as work:
            service.put(work, WHOLE, "north", Draft(telephone, text, "survey", text[:40]))
        self.work_off()

    def work_off(self) -> None:
        while self.dispatcher.step():
            pass

    def await_state(self, text: str, state: State) -> None:
        eventually(lambda: self.state(text) is state, PATIENCE_S)

    def state(self, text: str) -> State:
        with self.workplace.read() as work:
            return service.progress(work, WHOLE, [text[:40]])[-1].state

    def await_heard(self, line: Line, telephone: str, count: int) -> None:
        """Messages to one telephone go out one after the other, each when the last is known to have gone."""

        def heard() -> bool:
            self.work_off()
            return len(line.heard(telephone)) >= count

        eventually(heard, PATIENCE_S)

    def await_received(self, count: int) -> None:
        eventually(lambda: len(self.received) >= count, PATIENCE_S)
