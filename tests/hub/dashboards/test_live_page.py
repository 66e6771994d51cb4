"""What the live page says of terminals in trouble, and what can be done there."""

import re

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
    page = client.get("/tiles").text
    assert "Two terminals use the same identity." in page
    assert ("/devices/desk-1/release" in page) == may_release
    assert ('<form id="release"' in client.get("/", headers=HTML).text) == may_release
    answer = client.post("/devices/desk-1/release", data={"csrf": session.csrf}, headers=HTML)
    assert answer.status_code == (200 if may_release else 403)
    status = {d["device"]: d["status"] for d in client.get("/api/devices").json()}
    assert status["desk-1"] == ("active" if may_release else "stopped")


def test_an_unknown_terminal_cannot_be_released(client: TestClient) -> None:
    session = SignedIn(client, "administrator")
    answer = client.post("/devices/desk-9/release", data={"csrf": session.csrf}, headers=HTML)
    assert answer.status_code == 404


def test_what_is_missing_is_named(clinic: Clinic, client: TestClient) -> None:
    clinic.press(1, 2, 5, 6, 9)
    SignedIn(client, "viewer")
    page = client.get("/tiles").text
    assert "3–4, 7–8" in page
    assert "4 on the way" in page


def test_invented_methods_are_not_counted_apart(clinic: Clinic, client: TestClient) -> None:
    for number in range(3):
        client.request(f"ODD{number}", "/login")
    exposed = clinic.metrics.exposition().decode()
    assert 'method="other"' in exposed
    assert "ODD" not in exposed


def test_pages_are_compressed_and_repeat_no_secret(client: TestClient) -> None:
    SignedIn(client, "administrator")
    pages = [client.get("/dead-letters", headers=HTML), client.get("/", headers=HTML)]
    pages.append(client.get("/", headers=HTML))
    assert [page.headers["content-encoding"] for page in pages] == ["gzip"] * 3
    tokens = [re.findall(r'name="csrf" value="([^"]+)"', page.text) for page in pages[1:]]
    assert tokens[0] != tokens[1]


def test_what_is_out_of_use_leaves_the_filters_unless_it_matters(
    clinic: Clinic, client: TestClient
) -> None:
    session = SignedIn(client, "administrator")
    for path in ("employees/anna-north", "employees/anna-south", "touchpoints/reception-south"):
        client.post(f"/{path}/deactivate", data={"csrf": session.csrf}, headers=HTML)
    clinic.press(1)

    def offered(query: str = "") -> set[str]:
        return set(re.findall(r'<option value="([a-z]+-[a-z]+)"', client.get(f"/{query}").text))

    assert offered() == {"anna-north", "reception-north"}
    assert offered("?employee=anna-south") == {"anna-north", "anna-south", "reception-north"}
    assert offered("?first=2020-01-01&last=2020-01-31") == {"reception-north"}
