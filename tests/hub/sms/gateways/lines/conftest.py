"""Each kind of gateway with its far end, and a hub on the near one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.core.db import Database
from hub.core.unit_of_work import Listeners, Workplace
from tests.fakes.clock import HeldClock
from tests.fakes.vault import ReversingVault
from tests.hub.serving import ServedApp
from tests.hub.sms.gateways.lines.kannel_line import KannelLine
from tests.hub.sms.gateways.lines.line import Line
from tests.hub.sms.gateways.lines.modem_line import ModemLine
from tests.hub.sms.gateways.lines.office import Office
from tests.hub.sms.gateways.lines.smpp_line import SmppLine
from tests.hub.sms.gateways.lines.twilio_line import TwilioLine

LINES: dict[str, Callable[[Path, Office], Line]] = {
    "kannel": KannelLine,
    "modem": ModemLine,
    "smpp": SmppLine,
    "twilio": TwilioLine,
}


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
    office.url = server.url
    made = LINES[kind](tmp_path_factory.mktemp(f"{kind}-line"), office)
    office.use(made.gateway())
    made.ready()
    yield made
    made.close()
    server.stop()
