"""Gateways by their pages: passwords go in and never come out, each can be tried, and what only a person can decide."""

import re
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from hub.core.scope import Scope
from hub.sms import telephones
from hub.sms.conversations import opening
from hub.sms.conversations.opening import Line
from hub.sms.conversations.speaking import Purpose, number_of
from hub.sms.gateways import registry, service
from hub.sms.gateways.clearance import cleared
from hub.sms.gateways.dispatching import Dispatcher
from hub.sms.gateways.port import Name
from hub.sms.gateways.progress import State, outgoing
from hub.sms.gateways.registry import OpenGateways
from hub.sms.gateways.service import Draft
from tests.fakes.gateway import ObedientGateway
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import Clinic, SignedIn

CLINIC = Scope("clinic")
SMPP = {
    "kind": "smpp", "id": "main", "host": "smsc.example", "port": "2775", "system_id": "clinic",
    "password": "geheim12", "sender": "Clinic", "tls": "true", "rank": "1", "per_second": "2,5", "part_price": "0,045",
}  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def administrator(client: TestClient) -> SignedIn:
    return SignedIn(client, "administrator")


def post(who: SignedIn, path: str, **fields: str) -> tuple[int, str]:
    answer = who.client.post(path, data={"csrf": who.csrf, **fields}, follow_redirects=False)
    return answer.status_code, unescape(answer.text)


def told(clinic: Clinic) -> tuple[registry.Way, dict[str, object]]:
    with clinic.workplace.read() as work:
        way = registry.find(work, Name("clinic", "main"))
        assert way is not None
        return way, registry.settings(work.vault, way)


def test_a_gateway_is_added_changed_and_removed(
    client: TestClient, clinic: Clinic, administrator: SignedIn
) -> None:
    status, page = post(administrator, "/sms/gateways/new", **{**SMPP, "host": "", "id": "main"})
    assert (status, "This is needed." in page, "geheim12" in page) == (422, True, False)
    assert post(administrator, "/sms/gateways/new", **{**SMPP, "facility": "moon"})[0] == 422
    assert post(administrator, "/sms/gateways/new", **SMPP)[0] == 303
    way, settings = told(clinic)
    assert (way.rank, way.per_second, settings["password"]) == (1, 2.5, "geheim12")
    assert way.part_price == Decimal("0.045")
    shown = client.get("/sms/gateways").text + client.get("/sms/gateways/main/edit").text
    assert "smsc.example" in shown
    assert "geheim12" not in shown
    changed = {**SMPP, "password": "", "host": "new.example", "rank": "0"}
    assert post(administrator, "/sms/gateways/main/edit", **changed)[0] == 303
    way, settings = told(clinic)
    assert (way.rank, settings["host"], settings["password"]) == (0, "new.example", "geheim12")
    assert (
        post(administrator, "/sms/gateways/main/edit", **{**changed, "per_second": "0"})[0] == 422
    )
    assert post(administrator, "/sms/gateways/main/removal")[0] == 303
    with clinic.workplace.read() as work:
        assert registry.find(work, Name("clinic", "main")) is None


def test_a_test_message_goes_by_the_gateway_and_its_balance_is_shown(
    client: TestClient, clinic: Clinic, administrator: SignedIn
) -> None:
    post(administrator, "/sms/gateways/new", **SMPP)
    path = "/sms/gateways/main/trial"
    status, page = post(administrator, path, telephone="12")
    assert (status, "not a telephone that receives SMS" in page) == (422, True)
    assert post(administrator, path, telephone="600 11 22 33")[0] == 303
    gateway = ObedientGateway()
    opened = OpenGateways(ReversingVault(), {"smpp": lambda _name, _settings: gateway})
    dispatcher = Dispatcher(clinic.workplace, clinic.clock, opened, cleared)
    while dispatcher.step():
        pass
    assert [(one.recipient, one.text) for one in gateway.given] == [
        ("+34600112233", "Wellheard: this gateway works.")
    ]
    page = client.get("/sms/gateways").text
    assert re.search(r"sent in 24 hours</dt><dd>1</dd>", page)
    assert "Test message" in page
    assert "was sent" in page


@pytest.mark.parametrize(("send", "state"), [("true", State.WAITING), ("false", State.WITHHELD)])
def test_a_person_decides_what_nobody_knows(
    client: TestClient, clinic: Clinic, administrator: SignedIn, send: str, state: State
) -> None:
    with clinic.workplace.begin() as work:
        draft = Draft("+34600112233", "Hola", Purpose.ANSWER, "conversation:1")
        message = service.put(work, CLINIC, "north", draft)
        doubt = {"state": State.UNRESOLVED, "gateway": "main", "sent_ms": work.now_ms}
        work.connection.execute(update(outgoing).values(doubt))
    assert "Nobody knows whether these were sent" in client.get("/sms/gateways").text
    path = f"/sms/gateways/messages/{message}/decision"
    assert post(administrator, path, send=send)[0] == 303
    with clinic.workplace.read() as work:
        (now,) = service.progress(work, CLINIC, ["conversation:1"])
    assert now.state is state


def test_a_doubtful_message_is_settled_in_its_conversation(
    client: TestClient, clinic: Clinic, administrator: SignedIn
) -> None:
    with clinic.workplace.begin() as work:
        recipient = telephones.fingerprint(ReversingVault(), "clinic", "+34600112233")
        line = Line("clinic", "north", "+34600112233", recipient, "es")
        number = number_of(opening.hold_unasked(work, line))
        draft = Draft("+34600112233", "Hola", Purpose.ANSWER, f"conversation:{number}")
        message = service.put(work, CLINIC, "north", draft)
        doubt = {"state": State.UNRESOLVED, "gateway": "main", "sent_ms": work.now_ms}
        work.connection.execute(update(outgoing).values(doubt))
    talk = f"/sms/conversations/{number}"
    path = f"/sms/gateways/messages/{message}/decision"
    assert path in client.get(talk).text
    answer = client.post(
        path,
        data={"csrf": administrator.csrf, "send": "false", "conversation": number},
        follow_redirects=False,
    )
    assert answer.headers["location"] == talk
    assert path not in client.get(talk).text
