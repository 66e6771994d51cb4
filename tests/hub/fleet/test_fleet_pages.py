"""The page of all terminals and the alerts, for whoever may see them."""

import pytest
from starlette.testclient import TestClient

from hub.fleet.health.keeping import HealthKeeper
from tests.fakes.clock import HeldClock
from tests.hub.clinic import NORTH, SOUTH, Clinic, SignedIn
from tests.hub.terminal import Terminal


@pytest.fixture
def troubled(clinic: Clinic, clock: HeldClock) -> Clinic:
    """In the north the camera is unplugged; in the south all is well."""
    north, south = Terminal(clock, NORTH), Terminal(clock, SOUTH)
    lost = north.health(check="camera", status="failure", reason="lost", detail="Gone.")
    clinic.inbox.store([north.state(), south.state(), lost])
    HealthKeeper(clinic.workplace, lambda: ["clinic"], clock).keep_alerts()
    return clinic


def test_the_fleet_is_said_in_a_sentence_and_filtered(troubled: Clinic, client: TestClient) -> None:
    operator = SignedIn(client, "fleet")
    page = client.get("/fleet").text
    assert "1 of 2 works; 1 needs a visit: the camera is unplugged." in page
    assert page.index("Terminal North") < page.index("Terminal South"), "the worst first"
    client.post("/devices/desk-2/tags", data={"tags": "Lobby, pilot"}, headers=operator.headers)
    found = client.get("/fleet/rows", params={"q": "tag:lobby OR state:offline"}).text
    assert "1 terminal by this filter" in found
    assert 'id="terminal-desk-2"' in found
    assert 'id="terminal-desk-1"' not in found
    refused = client.get("/fleet", params={"q": "tag:lobby AND"})
    assert "At letter 14: a condition is missing." in refused.text
    assert 'id="terminal-desk-1"' in refused.text, "everything is shown then"
    none = client.get("/fleet", params={"q": "version>7"}).text
    assert "No terminal is like this." in none


def test_a_filter_grows_by_choosing_and_is_kept_under_a_name(
    troubled: Clinic, client: TestClient
) -> None:
    operator = SignedIn(client, "fleet")
    asked = {"q": "state:online", "join": "not", "add": "facility:north"}
    more = client.get("/fleet/more", params=asked, follow_redirects=False)
    assert more.headers["location"] == "/fleet?q=state%3Aonline+AND+NOT+facility%3Anorth"
    wrong = client.get("/fleet/more", params=asked | {"q": "("}, follow_redirects=False)
    assert "At letter 2: a condition is missing." in wrong.text
    kept = client.post(
        "/fleet/views", data={"name": "South", "q": "facility:south"}, headers=operator.headers
    )
    assert 'href="/fleet?q=facility%3Asouth" data-raw aria-current="page">South<' in kept.text
    broken = {"name": "Broken", "q": "facility:south AND"}
    assert client.post("/fleet/views", data=broken, headers=operator.headers).status_code == 422
    SignedIn(client, "administrator")
    assert ">South</a>" not in client.get("/fleet").text.partition('id="terminals"')[0]
    operator = SignedIn(client, "fleet")
    assert client.post("/fleet/views/1/delete", headers=operator.headers).status_code == 200
    assert 'class="saved-view"' not in client.get("/fleet").text


def test_programs_filter_and_tag(troubled: Clinic, client: TestClient) -> None:
    program = SignedIn(client, "fleet")
    tags = {"tags": ["Lobby"]}
    assert client.put("/api/devices/desk-1/tags", json=tags, headers=program.headers).is_success
    (found,) = client.get("/api/fleet", params={"q": "tag:lobby"}).json()
    assert (found["device"], found["level"], found["tags"]) == ("desk-1", "visit", ["lobby"])
    assert [(t["check"], t["reason"], t["visit"]) for t in found["troubles"]] == [
        ("camera", "lost", True)
    ]
    assert [one["level"] for one in client.get("/api/fleet").json()] == ["visit", "well"]
    refused = client.get("/api/fleet", params={"q": "tag:"})
    assert (refused.status_code, refused.json()["field"]) == (422, "q")


def test_alerts_are_taken_on(troubled: Clinic, client: TestClient) -> None:
    SignedIn(client, "viewer")
    seen = client.get("/fleet/alerts").text
    assert "the camera is unplugged" in seen
    assert "I take it on" not in seen
    operator = SignedIn(client, "fleet")
    (alert,) = client.get("/api/fleet/alerts").json()
    taken = client.post(f"/fleet/alerts/{alert['id']}/acknowledgement", headers=operator.headers)
    assert "taken on by fleet" in taken.text
    assert client.get("/api/fleet/alerts").json()[0]["acknowledged_by"] == "fleet"
    assert client.get("/api/fleet/alerts", params={"ended": True}).json() == []


def test_staff_of_one_facility_see_its_terminals_alone(
    troubled: Clinic, client: TestClient
) -> None:
    SignedIn(client, "north-viewer")
    page = client.get("/fleet").text
    assert "Terminal North" in page
    assert "Terminal South" not in page
    assert client.get("/devices/desk-1").text.count("tags-hint") == 0, "they manage nothing"


def test_before_there_is_any_the_page_says_what_to_do(client: TestClient, clinic: Clinic) -> None:
    with clinic.workplace.begin() as work:
        work.connection.exec_driver_sql("DELETE FROM device")
    SignedIn(client, "fleet")
    assert "No terminal is enrolled yet." in client.get("/fleet").text
    assert "Nothing is wrong with any terminal." in client.get("/fleet/alerts").text
