"""People hear of alerts as they have chosen: one message for much at once, seldom, and nothing of anybody in it."""

import json
from dataclasses import asdict

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from contract.topics import DeviceAddress
from hub.cases.alerts.pushing import PUSH
from hub.cases.alerts.tables import DutySubscription
from hub.core.jobs.tables import Job
from hub.core.keys import Vault
from hub.core.languages import read_languages
from hub.core.mail import outgoing
from hub.core.permissions import Role
from hub.fleet.health.alerts import KEPT_MS
from hub.fleet.health.keeping import HealthKeeper
from hub.fleet.health.notifying import GATHERED_MS, PAUSE_MS
from hub.fleet.health.telling import AlertTeller
from hub.fleet.tables import HealthAlert
from hub.identity import accounts
from tests.fakes.clock import HeldClock
from tests.hub.clinic import PASSWORD, SOUTH, WHOLE, Clinic, SignedIn
from tests.hub.terminal import Terminal


class Told:
    """Six terminals of the north, one of the south, and what goes out because of them."""

    def __init__(self, clinic: Clinic, clock: HeldClock) -> None:
        self.clinic, self.clock = clinic, clock
        self.keeper = HealthKeeper(clinic.workplace, lambda: ["clinic"], clock)
        self.teller = AlertTeller(
            clinic.workplace, lambda: ["clinic"], read_languages(), "https://hub.test"
        )
        self.terminals = [self._terminal(f"hall-{number}") for number in range(6)]
        self.south = Terminal(clock, SOUTH)

    def fail(self, *terminals: Terminal, check: str = "camera", status: str = "failure") -> None:
        told = {"check": check, "status": status, "reason": None if status == "ok" else "lost"}
        self.clinic.inbox.store([one.health(**told) for one in terminals])
        self.keeper.keep_alerts()

    def after(self, ms: int) -> list[dict]:
        """What is to be sent once so much time has passed, in the order in which it was put."""
        self.clock.move(ms=ms)
        self.teller.step()
        with self.clinic.workplace.begin() as work:
            wanted = select(Job).where(Job.kind.in_((outgoing.KIND, PUSH)))  # type: ignore[attr-defined]
            jobs = list(work.session.execute(wanted.order_by(Job.id)).scalars())  # type: ignore[arg-type]
            found = [_said(json.loads(job.payload), work.vault) for job in jobs]
            for job in jobs:
                work.session.delete(job)
        return found

    def _terminal(self, name: str) -> Terminal:
        at = DeviceAddress("clinic", "north", name)
        self.clinic.enrol(at)
        return Terminal(self.clock, at)


def _said(payload: dict, vault: Vault) -> dict:
    return asdict(outgoing.opened(vault, payload)) if "sealed" in payload else payload


@pytest.fixture
def told(clinic: Clinic, clock: HeldClock) -> Told:
    hashed = clinic.passwords.hash(PASSWORD)
    with clinic.workplace.begin() as work:
        for name, facility in (("operator", None), ("north-operator", "north")):
            accounts.create_account(
                work, WHOLE, name=name, password_hash=hashed, role=Role.FLEET, facility=facility,
                email=f"{name}@clinic.test",
            )  # fmt: skip
    return Told(clinic, clock)


def choose(client: TestClient, name: str, *, reads: str = "en", **given: bool) -> SignedIn:
    person = SignedIn(client, name)
    headers = person.headers | {"Accept-Language": reads}
    answer = client.put("/api/fleet/alerts/choice", json=given, headers=headers)
    assert answer.status_code == 204
    return person


def test_much_at_once_is_one_mail_to_each_who_chose_it(told: Told, client: TestClient) -> None:
    told.fail(*told.terminals)
    assert told.after(GATHERED_MS) == [], "nobody has chosen to hear of it"
    told.clock.move(ms=PAUSE_MS)
    choose(client, "operator", by_mail=True)
    choose(client, "north-operator", by_mail=True)
    told.fail(*told.terminals, check="disk")
    told.fail(told.south)
    assert told.after(GATHERED_MS - 1) == [], "more may come"
    mails = told.after(1)
    assert len(mails) == 2
    whole = next(mail for mail in mails if "South" in mail["text"])
    assert whole["subject"] == "7 terminals need somebody"
    assert "North: 6 terminals need somebody: its disk is nearly full (6)" in whole["text"]
    assert "South: 1 terminal needs somebody: the camera is unplugged" in whole["text"]
    assert whole["text"].endswith("https://hub.test/fleet/alerts\n")
    north = next(mail for mail in mails if mail is not whole)
    assert "South" not in north["text"], "who sees one facility hears of one"
    assert "@" not in json.dumps([mail | {"to": ""} for mail in mails])
    assert told.after(PAUSE_MS) == [], "an alert is told of once"


def test_everybody_is_written_to_in_their_own_language(told: Told, client: TestClient) -> None:
    choose(client, "operator", by_mail=True, reads="ru-RU,ru;q=0.9")
    choose(client, "north-operator", by_mail=True, reads="ca")
    told.fail(told.terminals[0])
    mails = {mail["to"]: mail for mail in told.after(GATHERED_MS)}
    assert mails["operator@clinic.test"]["subject"] == "1 терминалу нужна помощь"
    catalan = mails["north-operator@clinic.test"]
    assert "North: 1 terminal necessita algú: la càmera està desendollada" in catalan["text"]
    SignedIn(client, "north-operator")
    client.post("/preferences", data={"language": "es"})
    told.fail(told.terminals[1])
    told.fail(told.terminals[2])
    mails = {mail["to"]: mail for mail in told.after(PAUSE_MS)}
    assert mails["north-operator@clinic.test"]["subject"] == "2 terminales necesitan a alguien"


def test_of_a_facility_nobody_hears_more_often_than_every_half_hour(
    told: Told, client: TestClient
) -> None:
    choose(client, "operator", by_mail=True)
    told.fail(told.terminals[0])
    assert len(told.after(GATHERED_MS)) == 1
    told.fail(told.terminals[1])
    told.fail(told.terminals[2])
    assert told.after(PAUSE_MS - 1) == []
    (mail,) = told.after(1)
    assert mail["subject"] == "2 terminals need somebody"


def test_what_is_over_or_taken_on_or_only_a_warning_wakes_nobody(
    told: Told, client: TestClient
) -> None:
    choose(client, "operator", by_mail=True)
    told.fail(told.terminals[0])
    told.fail(told.terminals[0], status="ok")
    told.fail(told.terminals[1])
    person = SignedIn(client, "operator")
    (alert,) = client.get("/api/fleet/alerts").json()
    client.post(f"/api/fleet/alerts/{alert['id']}/acknowledgement", headers=person.headers)
    told.fail(told.terminals[2], status="warning")
    told.clock.move(minutes=11)
    told.keeper.keep_alerts()
    assert told.after(GATHERED_MS) == []
    told.fail(told.terminals[2])
    assert len(told.after(GATHERED_MS)) == 1, "it became worse"


def test_browsers_are_woken_of_those_who_chose_it(told: Told, client: TestClient) -> None:
    choose(client, "operator", by_push=True)
    page = client.get("/fleet/alerts").text
    assert 'name="by_push" value="true" checked' in page
    with told.clinic.workplace.begin() as work:
        own = next(one.id for one in accounts.accounts(work, WHOLE) if one.name == "operator")
        place = {"organisation": "clinic", "facility": "south", "sealed": b"", "at_ms": 0}
        work.session.add(DutySubscription(**place, endpoint="his", account=own))
        work.session.add(DutySubscription(**place, endpoint="another's", account=own + 1))
    told.fail(*told.terminals)
    (push,) = told.after(GATHERED_MS)
    assert (push["browser"], push["terminals"], push["facility"]) == ("his", 6, "north")


def test_alerts_that_ended_long_ago_are_let_go(told: Told) -> None:
    told.fail(told.terminals[0])
    told.fail(told.terminals[0], status="ok")
    told.fail(told.terminals[1])

    def kept() -> int:
        with told.clinic.workplace.read() as work:
            return len(list(work.session.execute(select(HealthAlert)).scalars()))

    told.clock.move(ms=KEPT_MS)
    told.keeper.forget()
    assert kept() == 2
    told.clock.move(ms=1)
    assert told.keeper.forget() is False
    assert kept() == 1, "what holds is never let go"
