"""Telephones of those on duty, woken through a push service that speaks TLS on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from contract.messages import Asked
from hub.cases.alerts import pushing, still_here
from hub.cases.alerts.pushing import MOST_BROWSERS, Pusher, PushKeys
from hub.core.errors import BadInput, Forbidden
from hub.core.languages import read_languages
from hub.core.scope import Scope
from hub.core.texts import speaking
from hub.core.unit_of_work import Workplace
from hub.fleet.events import TerminalsNeedSomebody
from tests.fakes.certificates import self_signed
from tests.hub.cases.alerts.push_service import Browser, PushService, running_push_service
from tests.hub.cases.complaints import AGENT, DOCTOR, VIEWER
from tests.hub.clinic import Clinic, SignedIn
from tests.hub.terminal import Terminal


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    certificate = self_signed(tmp_path_factory.mktemp("push") / "server.pem")
    with pytest.MonkeyPatch.context() as environment, running_push_service(certificate) as running:
        environment.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        yield running


class Duty:
    """A clinic whose Ana is on duty."""

    def __init__(self, clinic: Clinic, keys: PushKeys) -> None:
        self.clinic = clinic
        self.pusher = Pusher(clinic.workplace, clinic.clock, read_languages(), keys.send)
        self.terminal = Terminal(clinic.clock)

    def subscribe(self, scope: Scope, browser: Browser) -> None:
        with self.clinic.workplace.begin() as work:
            pushing.subscribe(work, scope, "north", browser.subscription())

    def unhappy(self) -> None:
        asked = Asked(survey="express", question="recommend")
        place = {"value": "no", "touchpoint": "reception-north"}
        self.clinic.inbox.store([self.terminal.answer(asked=asked, **place)])

    def push(self) -> None:
        while self.pusher.step():
            pass


@pytest.fixture
def duty(clinic: Clinic, staffed: Workplace, service: PushService, tmp_path: Path) -> Duty:
    service.taken.clear()
    service.answers.clear()
    return Duty(clinic, PushKeys(tmp_path / "push.pem", "mailto:hub@clinic.test"))


def test_whoever_is_on_duty_reads_where_and_the_push_service_nothing(
    duty: Duty, service: PushService
) -> None:
    ana, dora = Browser(f"{service.url}/ana"), Browser(f"{service.url}/dora")
    duty.subscribe(AGENT, ana)
    duty.subscribe(DOCTOR, dora)
    duty.unhappy()
    duty.push()
    ((path, headers, body),) = service.taken
    assert path == "/ana"
    assert headers["Authorization"].startswith("vapid ")
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "high")
    assert b"Reception" not in body
    told = json.loads(ana.opened(body))
    assert (told["body"], told["url"]) == ("Reception North", "/cases/alerts")
    duty.push()
    assert len(service.taken) == 1


def test_terminals_that_need_somebody_wake_whoever_chose_it(
    duty: Duty, service: PushService
) -> None:
    ana, dora = Browser(f"{service.url}/ana"), Browser(f"{service.url}/dora")
    duty.subscribe(AGENT, ana)
    duty.subscribe(DOCTOR, dora)
    with duty.clinic.workplace.begin() as work:
        work.tell(TerminalsNeedSomebody("clinic", "south", 3, (101,)))
    duty.push()
    ((path, _headers, body),) = service.taken
    assert path == "/ana"
    told = json.loads(ana.opened(body))
    assert told == {
        "title": "3 terminals need somebody", "body": "South", "url": "/fleet/alerts",
    }  # fmt: skip


def test_a_browser_is_woken_in_the_language_in_which_that_was_asked_for(
    duty: Duty, service: PushService
) -> None:
    ana = Browser(f"{service.url}/ana")
    with speaking(read_languages().known["es"]):
        duty.subscribe(AGENT, ana)
    with duty.clinic.workplace.begin() as work:
        work.tell(TerminalsNeedSomebody("clinic", "south", 3, (101,)))
    duty.push()
    ((_path, _headers, body),) = service.taken
    assert json.loads(ana.opened(body))["title"] == "3 terminales necesitan a alguien"


def test_a_push_service_in_trouble_keeps_nobody_else_asleep(
    duty: Duty, service: PushService
) -> None:
    duty.subscribe(AGENT, Browser("https://127.0.0.1:1/nobody-listens"))
    duty.subscribe(AGENT, Browser(f"{service.url}/works"))
    duty.unhappy()
    duty.push()
    assert [path for path, _headers, _body in service.taken] == ["/works"]
    duty.clinic.clock.move(minutes=1)
    duty.push()
    assert [path for path, _headers, _body in service.taken] == ["/works"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(duty: Duty, service: PushService, status: int) -> None:
    duty.subscribe(AGENT, Browser(f"{service.url}/gone"))
    service.answers["/gone"] = status
    for _alert in range(2):
        duty.unhappy()
        duty.push()
    assert len(service.taken) == 1


def test_nobody_is_woken_for_what_was_seen_or_is_long_ago(duty: Duty, service: PushService) -> None:
    duty.subscribe(AGENT, Browser(f"{service.url}/ana"))
    duty.unhappy()
    with duty.clinic.workplace.begin() as work:
        (alert,) = still_here.alerts(work, AGENT)
        still_here.see(work, AGENT, alert.id)
    duty.push()
    duty.unhappy()
    duty.clinic.clock.move(hours=1)
    duty.push()
    assert service.taken == []


def test_subscriptions_begin_and_end_by_the_api(duty: Duty, service: PushService) -> None:
    browser = Browser(f"{service.url}/manager")
    given = browser.subscription() | {"facility": "north", "expirationTime": None}
    with TestClient(duty.clinic.app(), base_url="http://hub.test") as client:
        headers = SignedIn(client, "facility_manager").headers
        at = "/api/alerts/subscriptions"
        assert client.post(at, json=given, headers=headers).status_code == 204
        assert client.post(at, json=given, headers=headers).status_code == 204
        broken = given | {"keys": {"p256dh": "AAAA", "auth": "AAAA"}}
        assert client.post(at, json=broken, headers=headers).status_code == 422
        end = {"endpoint": browser.endpoint}
        assert client.post(f"{at}/end", json=end, headers=headers).status_code == 204


@pytest.mark.parametrize("endpoint", ["http://push.test/1", "file:///etc/passwd", "", "https://"])
def test_what_is_no_push_service_is_refused(duty: Duty, endpoint: str) -> None:
    with pytest.raises(BadInput):
        duty.subscribe(AGENT, Browser(endpoint))


def test_how_many_and_whose(duty: Duty) -> None:
    browsers = [Browser(f"https://push.test/{number}") for number in range(MOST_BROWSERS)]
    for browser in (*browsers, browsers[0]):
        duty.subscribe(AGENT, browser)
    with pytest.raises(BadInput):
        duty.subscribe(AGENT, Browser("https://push.test/another"))
    with pytest.raises(Forbidden):
        duty.subscribe(VIEWER, browsers[0])
