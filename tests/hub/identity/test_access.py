"""Which role reaches what, and how a visitor proves who they are; every single route is asked in `test_every_route`."""

import pytest
from starlette.testclient import TestClient

from tests.hub.clinic import SOUTH, Clinic, SignedIn


@pytest.mark.parametrize(
    ("role", "open_to_them"),
    [
        ("administrator", {"/", "/dead-letters", "/api/answers", "/api/devices", "/api/employees",
                           "/api/dead-letters", "/api/facilities", "/metrics"}),
        ("viewer", {"/", "/api/answers", "/api/devices", "/api/employees", "/api/facilities",
                    "/metrics"}),
        ("fleet", {"/", "/api/devices", "/api/facilities", "/metrics"}),
    ],
)  # fmt: skip
def test_each_role_sees_its_own(client: TestClient, role: str, open_to_them: set[str]) -> None:
    SignedIn(client, role)
    asked_for = ["/", "/dead-letters", "/api/answers", "/api/devices", "/api/employees",
                 "/api/dead-letters", "/api/facilities", "/metrics"]  # fmt: skip
    statuses = {path: client.get(path).status_code for path in asked_for}
    assert {path for path, status in statuses.items() if status == 200} == open_to_them
    assert set(statuses.values()) <= {200, 403}


def test_a_write_by_cookie_needs_the_sessions_token(client: TestClient) -> None:
    session = SignedIn(client, "administrator")
    given = {"id": "east", "name": "East"}
    assert client.post("/api/facilities", json=given).status_code == 403
    wrong = {"X-CSRF-Token": session.csrf[:-1] + "!"}
    assert client.post("/api/facilities", json=given, headers=wrong).status_code == 403
    assert client.post("/api/facilities", json=given, headers=session.headers).status_code == 201


def test_a_program_with_a_token_needs_no_more(clinic: Clinic, client: TestClient) -> None:
    bearer = {"Authorization": f"Bearer {clinic.token('administrator')}"}
    given = {"id": "east", "name": "East"}
    assert client.post("/api/facilities", json=given, headers=bearer).status_code == 201
    assert client.get("/api/facilities", headers={"Authorization": "Bearer x"}).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://hub.test"},
        {"Origin": "null"},
    ],
)
def test_another_sites_writes_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    session = SignedIn(client, "administrator")
    given = {"id": "east", "name": "East"}
    answer = client.post("/api/facilities", json=given, headers=session.headers | headers)
    assert answer.status_code == 403
    ours = {"Origin": "http://hub.test", "Sec-Fetch-Site": "same-origin"}
    answer = client.post("/api/facilities", json=given, headers=session.headers | ours)
    assert answer.status_code == 201


def test_one_facility_is_shown_nothing_of_another(clinic: Clinic, client: TestClient) -> None:
    clinic.press(1, 2)
    clinic.press(1, 2, 3, at=SOUTH)
    clinic.come_online(SOUTH)
    SignedIn(client, "north-viewer")
    for path in ("answers", "devices", "ledger", "facilities", "touchpoints", "employees"):
        answer = client.get(f"/api/{path}")
        assert answer.json()
        assert "south" not in answer.text
    assert client.get("/api/answers", params={"facility": "south"}).status_code == 422
    for path in ("/", "/tiles", "/live/answers"):
        page = client.get(path).text
        assert "North" in page
        assert "South" not in page


def test_fleet_operators_see_no_answer_and_no_name(clinic: Clinic, client: TestClient) -> None:
    clinic.press(1, 2)
    SignedIn(client, "fleet")
    page = client.get("/").text
    assert "Terminal North" in page
    assert "Positive" not in page.replace('"Positive"', "").replace("&#34;Positive&#34;", "")
    assert "Anna" not in page


def test_metrics_are_for_this_machine_or_a_token(clinic: Clinic) -> None:
    app = clinic.app()
    with TestClient(app, client=("127.0.0.1", 1)) as local:
        assert local.get("/metrics").status_code == 200
        through_proxy = {"X-Forwarded-For": "192.0.2.7"}
        assert local.get("/metrics", headers=through_proxy).status_code == 401
    with TestClient(app, client=("192.0.2.7", 1)) as remote:
        assert remote.get("/metrics").status_code == 401
        bearer = {"Authorization": f"Bearer {clinic.token('fleet')}"}
        assert remote.get("/metrics", headers=bearer).status_code == 200
