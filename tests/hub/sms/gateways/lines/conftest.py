"""A hub's way of sending and taking in, on each kind of gateway with its far end."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI

from hub.core.db import Database
from hub.core.unit_of_work import Listeners, Workplace
from hub.sms.gateways import registry, service
from hub.sms.gateways.calling import Callers
from hub.sms.gateways.clearance import cleared
from hub.sms.gateways.dispatching import Dispatcher
from hub.sms.gateways.events import SmsReceived, SmsStateChanged
from hub.sms.gateways.intake import Intake, store
from hub.sms.gateways.kannel import gateway as kannel
from hub.sms.gateways.kannel import routes as kannel_routes
from hub.sms.gateways.progress import State
from hub.sms.gateways.registry import OpenGateways
from hub.sms.gateways.service import Draft
from hub.sms.gateways.smpp import gateway as smpp
from hub.sms.gateways.twilio import gateway as twilio
from hub.sms.gateways.twilio import routes as twilio_routes
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.fakes.waiting import eventually
from tests.hub.serving import ServedApp
from tests.hub.sms.gateways.conftest import WHOLE
from tests.hub.sms.gateways.lines.kannel_line import KannelLine
from tests.hub.sms.gateways.lines.line import Line
from tests.hub.sms.gateways.lines.smpp_line import SmppLine
from tests.hub.sms.gateways.lines.twilio_line import TwilioLine

LINES: dict[str, Callable[[Path, str], Line]] = {
    "kannel": KannelLine,
    "smpp": SmppLine,
    "twilio": TwilioLine,
}
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
        openers = {
            kannel.KIND: kannel.opened,
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

    def use(self, line: Line) -> None:
        with self.workplace.begin() as work:
            registry.add(work, WHOLE, line.gateway())
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

    def await_received(self, count: int) -> None:
        eventually(lambda: len(self.received) >= count, PATIENCE_S)


@pytest.fixture(scope="module", params=list(LINES))
def kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture(scope="module")
def office(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, kind: str
) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp(kind)
    copy = folder / "hub.db"
    copy.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{copy}")
    listeners, clock = Listeners(), HeldClock()
    made = Office(Workplace(database, listeners, clock, ReversingVault()), listeners, clock)
    yield made
    made.gateways.close()
    database.close()


@pytest.fixture(scope="module")
def line(office: Office, tmp_path_factory: pytest.TempPathFactory, kind: str) -> Iterator[Line]:
    server = ServedApp(office.app())
    made = LINES[kind](tmp_path_factory.mktemp(f"{kind}-line"), server.url)
    office.use(made)
    made.ready()
    yield made
    made.close()
    server.stop()
