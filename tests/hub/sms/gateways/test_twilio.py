"""Twilio's answers and signatures."""

import time
from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from hub.sms.gateways import receiving, registry
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
from hub.sms.gateways.twilio.gateway import TwilioGateway, TwilioSettings
from tests.fakes.twilio_api import ACCOUNT, SENDER, TOKEN, TwilioApi
from tests.hub.clinic import WHOLE, Clinic

HUB = "https://hub.test"
MESSAGE = Outgoing("m1", "+34600000001", "¿Qué tal?")
MESSAGES = "/sms/twilio/clinic/main/messages"
FORM = {"MessageSid": "SM1", "From": "+34600000001", "To": SENDER, "Body": "SÍ, un 9"}


@pytest.fixture(scope="module")
def served() -> Iterator[TwilioApi]:
    api = TwilioApi()
    yield api
    api.stop()


@pytest.fixture
def api(served: TwilioApi) -> TwilioApi:
    served.messages.clear()
    served.paths.clear()
    served.answer_with = None
    return served


def settings(api: str) -> TwilioSettings:
    return TwilioSettings(account=ACCOUNT, token=TOKEN, sender=SENDER, hub=HUB, api=api)


def gateway(api: TwilioApi) -> TwilioGateway:
    return TwilioGateway(Name("clinic", "main"), settings(api.url))


def doubt(seconds_ago: int) -> Doubt:
    return Doubt(int((time.time() - seconds_ago) * 1000), later_reported=False)


def test_a_message_is_created_once_with_our_id_in_its_reports(api: TwilioApi) -> None:
    sent = gateway(api).send(MESSAGE)
    assert sent == Accepted(api.messages[0]["sid"])
    (form,) = api.messages
    assert (form["To"], form["From"], form["Body"]) == (MESSAGE.recipient, SENDER, MESSAGE.text)
    assert form["StatusCallback"] == f"{HUB}/sms/twilio/clinic/main/reports?message=m1"


def test_no_telephone_is_in_a_path(api: TwilioApi) -> None:
    one = gateway(api)
    one.send(MESSAGE)
    one.inquire(MESSAGE, doubt(0))
    assert len(api.paths) == 2
    assert not any("600000001" in path for path in api.paths)


def test_a_number_that_is_none_is_refused(api: TwilioApi) -> None:
    bad = Outgoing("m1", "+34600000000", "Hola")
    assert gateway(api).send(bad) == Refused("twilio_21211")


@pytest.mark.parametrize("status", [401, 429, 503])
def test_what_may_be_tried_again(api: TwilioApi, status: int) -> None:
    api.answer_with = status
    with pytest.raises(GatewayDown):
        gateway(api).send(MESSAGE)


def test_an_answer_that_never_came_leaves_a_doubt(api: TwilioApi) -> None:
    def broken(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("no answer")

    name, transport = Name("clinic", "main"), httpx.MockTransport(broken)
    assert isinstance(TwilioGateway(name, settings(HUB), transport).send(MESSAGE), Unknown)
    api.answer_with = 500
    assert isinstance(gateway(api).send(MESSAGE), Unknown)


def test_a_message_in_doubt_is_looked_up(api: TwilioApi) -> None:
    one = gateway(api)
    assert one.inquire(MESSAGE, doubt(120)) == (Finding.ABSENT, None)
    assert one.inquire(MESSAGE, doubt(1)) == (Finding.CANNOT_TELL, None)
    one.send(MESSAGE)
    assert one.inquire(MESSAGE, doubt(1)) == (Finding.THERE, api.messages[0]["sid"])
    other = Outgoing("m2", MESSAGE.recipient, "otra cosa")
    assert one.inquire(other, doubt(120)) == (Finding.ABSENT, None)


@pytest.fixture
def web(clinic: Clinic) -> Iterator[TestClient]:
    with clinic.workplace.begin() as work:
        registry.add(work, WHOLE, NewGateway("main", "twilio", settings("http://api.test")))
    with TestClient(clinic.app(), base_url="http://internal.test") as opened:
        yield opened


def sign(path: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    signature = RequestValidator(token).compute_signature(f"{HUB}{path}", form)
    return {"X-Twilio-Signature": signature}


def test_only_what_the_account_signed_is_taken(web: TestClient, clinic: Clinic) -> None:
    changed = FORM | {"Body": "NO"}
    other = MESSAGES.replace("main", "other")
    for path, form, headers in (
        (MESSAGES, FORM, {}),
        (MESSAGES, FORM, sign(MESSAGES, FORM, "another token")),
        (MESSAGES, changed, sign(MESSAGES, FORM)),
        (other, FORM, sign(other, FORM)),
    ):
        assert web.post(path, data=form, headers=headers).status_code == 403
    for _ in range(3):
        taken = web.post(MESSAGES, data=FORM, headers=sign(MESSAGES, FORM))
        assert (taken.status_code, taken.text) == (200, "<Response/>")
    with clinic.workplace.read() as work:
        assert len(work.connection.execute(receiving.inbound_table.select()).all()) == 1


def test_reports_are_signed_with_their_query(web: TestClient) -> None:
    path = "/sms/twilio/clinic/main/reports?message=m1"
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert web.post(path, data=form, headers=sign(path, form)).status_code == 204
    wrong = path.replace("m1", "m2")
    assert web.post(wrong, data=form, headers=sign(path, form)).status_code == 403
