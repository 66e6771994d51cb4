"""What Kannel's requests and pages mean, and who may make them."""

import base64
import time
from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from hub.sms.gateways import receiving, registry
from hub.sms.gateways.kannel.gateway import KannelGateway, KannelSettings
from hub.sms.gateways.kannel.status import NotAStatus, Status, parse
from hub.sms.gateways.port import (
    Accepted,
    Doubt,
    Finding,
    GatewayDown,
    Name,
    Outgoing,
    Refused,
    Unknown,
)
from hub.sms.gateways.registry import NewGateway
from tests.hub.clinic import WHOLE, Clinic

SETTINGS = KannelSettings(
    sendsms="http://kannel.test:13013/cgi-bin/sendsms",
    password="p",
    sender="217",
    hub="http://hub.test",
    secret="secret word",
    status="http://kannel.test:13000/status.xml",
    quiet_s=0,
)
NAME = Name("clinic", "main")
MESSAGE = Outgoing("m1", "+34600000001", "Hola")
MESSAGES = "/sms/kannel/clinic/main/messages?id=k1"
HEADERS = {"X-Kannel-From": "+34600000001", "X-Kannel-To": "217", "Content-Type": "text/plain"}
STATUS = (
    "<gateway><status>running, uptime {up}</status>"
    "<sms><sent><total>7</total><queued>{queued}</queued></sent><storesize>0</storesize></sms>"
    "<boxes><box><type>smsbox</type><queue>0</queue><status>on-line 1d 0h 0m 0s</status></box>"
    "</boxes><smscs><smsc><queued>0</queued></smsc></smscs></gateway>"
)


def gateway(answer: httpx.Response | Exception) -> tuple[KannelGateway, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return KannelGateway(NAME, SETTINGS, httpx.MockTransport(handle)), asked


def test_nothing_personal_is_in_the_address() -> None:
    kannel, asked = gateway(httpx.Response(202))
    assert kannel.send(MESSAGE) == Accepted()
    assert str(asked[0].url) == SETTINGS.sendsms
    assert asked[0].headers["X-Kannel-To"] == "+34600000001"
    assert "message=m1&state=%d" in asked[0].headers["X-Kannel-Dlr-Url"]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 503])
def test_what_may_be_tried_again(status: int) -> None:
    with pytest.raises(GatewayDown):
        gateway(httpx.Response(status))[0].send(MESSAGE)


@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.WriteError])
def test_a_connection_that_breaks_after_it_was_made_leaves_a_doubt(
    error: type[httpx.HTTPError],
) -> None:
    assert isinstance(gateway(error("broken"))[0].send(MESSAGE), Unknown)
    with pytest.raises(GatewayDown):
        gateway(httpx.ConnectError("nobody"))[0].send(MESSAGE)


def test_the_other_answers() -> None:
    assert gateway(httpx.Response(400))[0].send(MESSAGE) == Refused("http_400")
    assert gateway(httpx.Response(500))[0].send(MESSAGE) == Unknown("http_500")


@pytest.mark.parametrize(
    ("up", "queued", "later", "finding"),
    [
        ("1d 0h 0m 0s", 0, True, Finding.ABSENT),
        ("1d 0h 0m 0s", 0, False, Finding.CANNOT_TELL),
        ("1d 0h 0m 0s", 1, True, Finding.CANNOT_TELL),
        ("0d 0h 0m 0s", 0, True, Finding.CANNOT_TELL),
    ],
)
def test_only_a_kannel_that_reports_has_nothing_left_and_never_ended_had_it_not(
    up: str, queued: int, later: bool, finding: Finding
) -> None:
    page = STATUS.format(up=up, queued=queued)
    kannel, _ = gateway(httpx.Response(200, text=page))
    handed_over_ms = int(time.time() * 1000) - 5_000
    assert kannel.inquire(MESSAGE, Doubt(handed_over_ms, later)) == (finding, None)


def test_status_pages() -> None:
    page = STATUS.format(up="0d 1h 2m 3s", queued=4).encode()
    assert parse(page) == Status(up_s=3723, waiting=4)
    for wrong in (b"Denied", b"<gateway/>", page.replace(b"<storesize>0", b"<storesize>")):
        with pytest.raises(NotAStatus):
            parse(wrong)


@pytest.fixture
def web(clinic: Clinic) -> Iterator[TestClient]:
    with clinic.workplace.begin() as work:
        registry.add(work, WHOLE, NewGateway("main", "kannel", SETTINGS))
    with TestClient(clinic.app(), base_url="http://hub.test") as opened:
        yield opened


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_only_kannel_brings_messages(web: TestClient, clinic: Clinic) -> None:
    for wrong in ({}, basic("kannel", "secret"), basic("admin", "secret word")):
        refused = web.post(MESSAGES, content="SI", headers=HEADERS | wrong)
        assert refused.status_code == 401
    nobody = web.post(MESSAGES.replace("main", "other"), content="SI", headers=HEADERS)
    assert nobody.status_code == 401
    right = HEADERS | basic("kannel", "secret word")
    for _ in range(3):
        taken = web.post(MESSAGES, content="SI", headers=right)
        assert (taken.status_code, taken.content) == (200, b"")
    with clinic.workplace.read() as work:
        assert len(work.connection.execute(receiving.inbound_table.select()).all()) == 1


def test_a_request_without_a_sender_or_with_another_number_is_refused(web: TestClient) -> None:
    login = basic("kannel", "secret word")
    assert web.post(MESSAGES, content="SI", headers=login).status_code == 422
    reports = "/sms/kannel/clinic/main/reports?message=unheard-of&state="
    assert web.get(f"{reports}8", headers=login).status_code == 200
    assert web.get(f"{reports}99", headers=login).status_code == 200
    assert web.get(f"{reports}x", headers=login).status_code == 422
