"""Signing in and out as browsers and programs do it."""

import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from tests.hub.clinic import PASSWORD, Clinic, SignedIn

HTML = {"accept": "text/html"}


@pytest.fixture
def client(clinic: Clinic) -> Iterator[TestClient]:
    with TestClient(clinic.app(), base_url="http://hub.test", follow_redirects=False) as opened:
        yield opened


def submit(client: TestClient, **given: str) -> httpx.Response:
    form = {"name": "viewer", "password": PASSWORD} | given
    return client.post("/login", data=form, headers=HTML)


def test_a_stranger_is_led_to_the_sign_in_and_back(client: TestClient) -> None:
    led = client.get("/?q=a", headers=HTML)
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=%2F%3Fq%3Da")
    page = client.get(led.headers["location"], headers=HTML)
    target = re.search(r'name="next" value="([^"]*)"', page.text)
    assert target is not None
    back = submit(client, next=target[1])
    assert back.status_code == 303
    assert client.get(back.headers["location"], headers=HTML).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(client: TestClient, target: str) -> None:
    assert submit(client, next=target).headers["location"] == "/"
    page = client.get("/login", params={"next": target}, headers=HTML)
    assert "evil.example" not in page.text


def test_a_refusal_says_what_is_wrong_and_keeps_the_name(client: TestClient) -> None:
    refused = submit(client, name='v"iewer<b>', password="wrong")
    assert refused.status_code == 401
    assert "do not belong together" in refused.text
    assert 'value="v&#34;iewer&lt;b&gt;"' in refused.text
    assert "set-cookie" not in refused.headers


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    cookie = submit(client).headers["set-cookie"]
    assert cookie.startswith("wellheard=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_behind_https_the_cookie_is_bound_to_it(clinic: Clinic) -> None:
    app = clinic.app(secure_cookies=True)
    with TestClient(app, base_url="https://hub.test", follow_redirects=False) as client:
        answer = submit(client)
        assert answer.headers["set-cookie"].startswith("__Host-wellheard=")
        assert "Secure" in answer.headers["set-cookie"].split("; ")
        assert "max-age=" in answer.headers["strict-transport-security"]
        assert client.get("/", headers=HTML).status_code == 200


def test_a_session_that_somebody_planted_is_not_taken_over(client: TestClient) -> None:
    first = SignedIn(client, "viewer")
    planted = client.cookies["wellheard"]
    second = SignedIn(client, "administrator")
    assert client.cookies["wellheard"] != planted
    assert first.csrf != second.csrf
    client.cookies.clear()
    client.cookies["wellheard"] = planted
    assert client.get("/api/answers").status_code == 401


def test_signing_out(client: TestClient) -> None:
    SignedIn(client, "viewer")
    cookie = client.cookies["wellheard"]
    assert client.post("/logout", headers=HTML).headers["location"] == "/login"
    assert "wellheard" not in client.cookies
    client.cookies["wellheard"] = cookie
    assert client.get("/api/answers").status_code == 401


def test_signs_that_no_database_takes_are_refused(client: TestClient) -> None:
    assert submit(client, name="view\x00er").status_code == 422
    given = {"name": "view\x00er", "password": PASSWORD}
    assert client.post("/api/login", json=given).json()["field"] == "name"
    surrogate = b'{"name": "\\ud800", "password": "\\ud800"}'
    headers = {"content-type": "application/json"}
    assert client.post("/api/login", content=surrogate, headers=headers).status_code == 422
    assert submit(client, password="\x00").status_code == 401


def test_a_program_is_told_its_session(client: TestClient) -> None:
    answer = client.post("/api/login", json={"name": "north-viewer", "password": PASSWORD}).json()
    assert answer.pop("csrf")
    assert answer.pop("expires_ms") > 0
    assert answer == {
        "account": "north-viewer", "organisation": "clinic",
        "roles": [{"facility": "north", "role": "viewer"}],
    }  # fmt: skip


def test_too_many_attempts_are_told_when_to_come_back(client: TestClient) -> None:
    for _ in range(5):
        client.post("/api/login", json={"name": "viewer", "password": "wrong"})
    answer = client.post("/api/login", json={"name": "viewer", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == "application/problem+json"
