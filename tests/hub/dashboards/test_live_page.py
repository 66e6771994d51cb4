"""What the live page says of terminals in trouble, and what can be done there."""

import pytest
from starlette.testclient import TestClient

from tests.hub.clinic import Clinic, SignedIn

HTML = {"accept": "text/html"}


def clone_a_card(clinic: Clinic) -> None:
    """Two terminals say different things under the same number."""
    clinic.press(1, value="yes")
    clinic.press(1, value="no")


@pytest.mark.parametrize(("role", "may_release"), [("administrator", True), ("viewer", False)])
def test_a_cloned_terminal_is_stopped_until_somebody_who_may_releases_it(
    clinic: Clinic, client: TestClient, role: str, may_release: bool
) -> None:
    clone_a_card(clinic)
    session = SignedIn(client, role)
    page = client.get("/", headers=HTML).text
    assert "Two terminals use the same identity." in page
    assert ("/devices/desk-1/release" in page) == may_release
    answer = client.post("/devices/desk-1/release", data={"csrf": session.csrf}, headers=HTML)
    assert answer.status_code == (200 if may_release else 403)
    still = "Two terminals use the same identity." in client.get("/live/state").text
    assert still != may_release
    status = {d["device"]: d["status"] for d in client.get("/api/devices").json()}
    assert status["desk-1"] == ("active" if may_release else "stopped")


def test_an_unknown_terminal_cannot_be_released(client: TestClient) -> None:
    session = SignedIn(client, "administrator")
    answer = client.post("/devices/desk-9/release", data={"csrf": session.csrf}, headers=HTML)
    assert answer.status_code == 404


def test_what_is_missing_is_named(clinic: Clinic, client: TestClient) -> None:
    clinic.press(1, 2, 5, 6, 9)
    SignedIn(client, "viewer")
    page = client.get("/live/state").text
    assert "3–4, 7–8" in page
    assert "4 on the way" in page


def test_invented_methods_are_not_counted_apart(clinic: Clinic, client: TestClient) -> None:
    for number in range(3):
        client.request(f"ODD{number}", "/login")
    exposed = clinic.metrics.exposition().decode()
    assert 'method="other"' in exposed
    assert "ODD" not in exposed
