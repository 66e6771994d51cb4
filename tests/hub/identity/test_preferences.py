"""Language and appearance: kept by the browser, and with the account, so that another browser finds them there."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.hub.clinic import PASSWORD, Clinic

HTML = {"accept": "text/html"}
LANGUAGE, THEME = "wellheard-language", "wellheard-theme"


@pytest.fixture
def other_browser(clinic: Clinic) -> Iterator[TestClient]:
    with TestClient(clinic.app(), base_url="http://hub.test") as opened:
        yield opened


def sign_in(browser: TestClient, name: str = "viewer") -> str:
    """The first page, as its owner sees it."""
    form = {"name": name, "password": PASSWORD}
    return browser.post("/login", data=form, headers=HTML).text


def test_they_follow_whoever_signs_in_elsewhere(
    client: TestClient, other_browser: TestClient
) -> None:
    sign_in(client)
    client.post("/preferences", data={"language": "ru"}, headers=HTML)
    client.post("/preferences", data={"theme": "dark", "language": "odd"}, headers=HTML)
    page = sign_in(other_browser)
    assert '<html lang="ru" data-theme="dark"' in page
    assert (other_browser.cookies[LANGUAGE], other_browser.cookies[THEME]) == ("ru", "dark")


def test_somebody_else_s_are_their_own(client: TestClient, other_browser: TestClient) -> None:
    sign_in(client)
    client.post("/preferences", data={"language": "ca"}, headers=HTML)
    sign_in(other_browser, "administrator")
    assert LANGUAGE not in other_browser.cookies


def test_a_stranger_s_browser_remembers_by_itself(client: TestClient) -> None:
    client.post("/preferences", data={"theme": "dark", "next": "/login"}, headers=HTML)
    assert client.cookies[THEME] == "dark"
    assert 'data-theme="dark"' in client.get("/login", headers=HTML).text
