"""The REST resources of SMS, as a clinic's program uses them; staff of one facility see none of another's."""

import json

import pytest
from starlette.testclient import TestClient

from hub.identity import accounts, colleagues
from hub.sms import telephones
from hub.sms.conversations import opening
from hub.sms.conversations.opening import Line
from tests.fakes.vault import ReversingVault
from tests.hub.clinic import WHOLE, Clinic, SignedIn

CAMPAIGN = {
    "id": "after-visit", "facility": "north", "name": "After the visit", "trigger": "visit_ended",
    "policy": {"part_price": "0.07", "quotas": {"first": 2}},
}  # fmt: skip
BASE = "/api/sms/campaigns/after-visit"
ANNA = "+34600112233"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """How rows are read and locked is tried on both databases where patients are invited."""
    return sqlite_url


@pytest.fixture
def administrator(client: TestClient) -> SignedIn:
    return SignedIn(client, "administrator")


def test_a_campaign_from_its_definition_to_its_end(
    client: TestClient, administrator: SignedIn
) -> None:
    headers = administrator.headers
    made = client.post("/api/sms/campaigns", json=CAMPAIGN, headers=headers)
    assert made.status_code == 201, made.text
    assert made.json()["state"] == "draft"
    assert client.post("/api/sms/campaigns", json=CAMPAIGN, headers=headers).status_code == 409
    assert [one["id"] for one in client.get("/api/sms/campaigns").json()] == ["after-visit"]
    patients = [{"telephone": ANNA, "stratum": "first"}, {"telephone": "12", "employee": "x"}]
    refused = client.post(f"{BASE}/patients", json=patients, headers=headers)
    assert refused.status_code == 422
    assert [p["field"] for p in refused.json()["errors"]] == [
        "line 2.employee",
        "line 2.telephone",
    ]
    taken = client.post(f"{BASE}/patients", json=patients[:1], headers=headers)
    assert (taken.status_code, taken.json()["chosen"]) == (201, 1)
    for state, status in (
        ("running", 200),
        ("paused", 200),
        ("running", 200),
        ("stopped", 200),
        ("running", 409),
    ):
        answer = client.put(f"{BASE}/state", json={"state": state}, headers=headers)
        assert answer.status_code == status
    told = client.get(f"{BASE}/progress").json()
    assert (told["enrolled"], told["left_out"]) == (1, {"stopped": 1})


def test_a_list_is_shown_and_then_taken_in(client: TestClient, administrator: SignedIn) -> None:
    headers = {**administrator.headers, "Content-Type": "application/octet-stream"}
    client.post("/api/sms/campaigns", json=CAMPAIGN, headers=administrator.headers)
    mapping = {"mapping": json.dumps({"telephone": "Tel."})}
    content = b"Tel.;x\n600112233;\n12;\n"
    shown = client.post(f"{BASE}/lists/preview", content=content, params=mapping, headers=headers)
    assert shown.json()["problems"] == [
        {"line": 3, "field": "telephone", "detail": "This is not a telephone that receives SMS."}
    ]
    refused = client.post(f"{BASE}/lists", content=content, params=mapping, headers=headers)
    assert refused.status_code == 422
    taken = client.post(f"{BASE}/lists", content=content[:17], params=mapping, headers=headers)
    assert (taken.status_code, taken.json()["rows"]) == (201, 1), taken.text
    wrong = client.post(f"{BASE}/lists", content=content, params={"mapping": "{"}, headers=headers)
    assert wrong.status_code == 422


def test_words_and_what_they_cost(client: TestClient, administrator: SignedIn) -> None:
    words = [{"language": "es", "template": "invite", "text": "¿Qué tal?"}]
    path = "/api/sms/facilities/north/words"
    assert client.put(path, json=words, headers=administrator.headers).status_code == 204
    assert client.get(path).json() == words
    shown = client.post(
        "/api/sms/words/preview", json={"text": "a" * 160 + "í"}, headers=administrator.headers
    ).json()
    assert (shown["parts"]["encoding"], shown["parts"]["parts"]) == ("UCS-2", 3)


def test_a_conversation_is_read_by_few_and_reading_is_audited(
    clinic: Clinic, client: TestClient, administrator: SignedIn
) -> None:
    recipient = telephones.fingerprint(ReversingVault(), "clinic", ANNA)
    with clinic.workplace.begin() as work:
        line = Line("clinic", "south", ANNA, recipient, "es")
        number = opening.hold_unasked(work, line).id
    path = f"/api/sms/conversations/{number}/messages"
    answered = client.post(path, json={"text": "Le llamamos"}, headers=administrator.headers)
    assert (answered.status_code, answered.json()["paused"]) == (202, True)
    assert [one["text"] for one in client.get(path).json()] == ["Le llamamos"]
    (talk,) = client.get("/api/sms/conversations").json()
    assert (talk["telephone"], talk["id"]) == ("+34 ••• ••• 33", number)
    client.cookies.clear()
    north = SignedIn(client, "north-viewer")
    assert client.get("/api/sms/conversations").json() == []
    assert client.get(path).status_code in {403, 404}
    assert (
        client.post("/api/sms/campaigns", json=CAMPAIGN, headers=north.headers).status_code == 403
    )


def test_whoever_was_asked_about_neither_reads_nor_answers(
    clinic: Clinic, client: TestClient, administrator: SignedIn
) -> None:
    recipient = telephones.fingerprint(ReversingVault(), "clinic", ANNA)
    with clinic.workplace.begin() as work:
        line = Line("clinic", "north", ANNA, recipient, "es")
        talk = opening.hold_unasked(work, line)
        talk.employee = "anna-north"
        number = talk.id
        agent = next(one for one in accounts.accounts(work, WHOLE) if one.name == "agent")
        colleagues.say_who(work, WHOLE, agent.id, "anna-north")
    path = f"/api/sms/conversations/{number}"
    client.cookies.clear()
    anna = SignedIn(client, "agent")
    assert [one["telephone"] for one in client.get("/api/sms/conversations").json()] == [""]
    assert client.get(f"{path}/messages").status_code == 403
    told = {"text": "Why?"}
    assert client.post(f"{path}/messages", json=told, headers=anna.headers).status_code == 403
    assert client.post(f"{path}/hand-back", headers=anna.headers).status_code == 403
    page = client.get(f"/sms/conversations/{number}", headers={"accept": "text/html"})
    assert page.status_code == 403
    clinic.clock.move(minutes=12)  # type: ignore[attr-defined]
    listed = client.get("/sms/conversations").text
    assert "about you" in listed
    assert ">12 minutes ago</time>" in listed
    with clinic.workplace.begin() as work:
        colleagues.say_who(work, WHOLE, agent.id, None)
    assert client.get(f"{path}/messages").status_code == 200


def test_the_chain_of_people_and_an_alert_that_is_not_there(
    client: TestClient, administrator: SignedIn
) -> None:
    path = "/api/sms/facilities/north/chain"
    people = [{"address": "a@clinic.test", "minutes": 5}]
    assert client.put(path, json=people, headers=administrator.headers).status_code == 204
    assert client.get(path).json() == people
    assert client.get("/api/sms/alerts").json() == []
    nobodys = f"/api/sms/alerts/{'0' * 32}/acknowledgement"
    missing = client.post(nobodys, headers=administrator.headers)
    assert missing.status_code == 404


def test_nobody_who_has_not_signed_in_gets_anything(client: TestClient) -> None:
    for path in ("campaigns", "conversations", "alerts", "facilities/north/chain"):
        assert client.get(f"/api/sms/{path}").status_code == 401
