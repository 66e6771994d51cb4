"""Who is told of alerts, by its page: in which order, with what to correct, and how to take it back."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from hub.core.scope import Scope
from hub.sms.alerts import chain
from tests.hub.clinic import Clinic, SignedIn

CLINIC = Scope("clinic")
PATH = "/sms/alerts/chain"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def save(who: SignedIn, **fields: str) -> tuple[int, str]:
    told = {"csrf": who.csrf, "facility": "north"}
    told |= {name.replace("_", "-"): value for name, value in fields.items()}
    answer = who.client.post(PATH, data=told)
    return answer.status_code, unescape(answer.text)


def people(clinic: Clinic) -> list[tuple[str, int]]:
    with clinic.workplace.read() as work:
        return [(one.address, one.minutes) for one in chain.chain_of(work, CLINIC, "north")]


def test_people_are_named_moved_and_taken_out(client: TestClient, clinic: Clinic) -> None:
    who = SignedIn(client, "administrator")
    assert "not even of danger" in client.get("/sms/alerts").text
    two = {"address_0": "nurse@clinic.test", "minutes_0": "10", "address_1": "head@clinic.test"}
    assert save(who, **two)[0] == 200
    assert people(clinic) == [("nurse@clinic.test", 10), ("head@clinic.test", 30)]
    page = save(who, **two, act="up-1")[1]
    assert people(clinic) == [("head@clinic.test", 30), ("nurse@clinic.test", 10)]
    undo = dict(re.findall(r'type="hidden" name="((?:address|minutes)-\d)" value="([^"]*)"', page))
    assert save(who, **undo)[0] == 200
    assert people(clinic) == [("nurse@clinic.test", 10), ("head@clinic.test", 30)]
    assert save(who, address_0="", address_1="head@clinic.test", minutes_1="5")[0] == 200
    assert people(clinic) == [("head@clinic.test", 5)]


def test_what_cannot_be_right_is_said_beside_it_and_nothing_is_stored(
    client: TestClient, clinic: Clinic
) -> None:
    who = SignedIn(client, "administrator")
    save(who, address_0="nurse@clinic.test")
    status, page = save(who, address_0="nurse", address_1="head@clinic.test", minutes_1="0")
    assert status == 422
    assert "This is no e-mail address." in page
    assert "From 1 minute to 1440." in page
    assert 'value="head@clinic.test"' in page
    assert people(clinic) == [("nurse@clinic.test", 30)]
